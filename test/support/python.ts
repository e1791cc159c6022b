/** Python programs with libraries that scripts/test-tools.js gets. */
import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'node:test';
import { packageRoot } from '../../src/io/package-root.js';

/** As in scripts/test-tools.js, which gets all of them or none. */
const LIBRARIES = 'pyarrow, polars, duckdb, pandas';
/** By these words scripts/test.js says why they are missing. */
const MISSING = 'no pyarrow, polars, duckdb and pandas';

export interface PythonEnd {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `python3 WORDS` in the folder. */
export function python(words: readonly string[], cwd: string): PythonEnd {
  const paths = [join(packageRoot(), '.cache', 'python'), process.env.PYTHONPATH ?? ''].filter(Boolean);
  const env = { ...process.env, PYTHONPATH: paths.join(delimiter), POLARS_MAX_THREADS: '1' };
  return spawnSync('python3', words, { cwd, env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
}

/** What keeps the libraries from being used; asked for once. */
let obstacle: string | null | undefined;

/** True if the libraries are there. If not, the test is skipped, or fails when REQUIRE_PYTHON=1 is set, as in CI. */
export function hasPython(t: TestContext): boolean {
  if (obstacle === undefined) {
    const { status, stderr } = python(['-c', `import ${LIBRARIES}`], packageRoot());
    obstacle = status === 0 ? null : `python3 with ${LIBRARIES} is not here: ${stderr ?? 'no python3'}`;
  }
  if (obstacle === null) return true;
  if (process.env.REQUIRE_PYTHON === '1') throw new Error(obstacle);
  t.skip(MISSING);
  return false;
}
