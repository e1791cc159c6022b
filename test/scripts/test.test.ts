/** scripts/test.js in a folder with one test file, which needs an Envoy that is not there. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';

const TESTS = `
import { test } from 'node:test';
test('one', (t) => t.skip('no Envoy'));
test('two', (t) => t.skip('no Envoy'));
test('three', () => { if (process.env.FAILING) throw new Error('failing'); });
`;

function project(t: TestContext) {
  const root = mkdtempSync(join(tmpdir(), 'weighbridge-scripts-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  cpSync('scripts', join(root, 'scripts'), { recursive: true });
  writeFileSync(join(root, 'package.json'), '{"type": "module"}');
  const [tests, envoy] = [join(root, '.build', 'test'), join(root, '.build', 'src', 'lab', 'envoy')];
  mkdirSync(tests, { recursive: true });
  mkdirSync(envoy, { recursive: true });
  writeFileSync(join(tests, 'a.test.js'), TESTS);
  writeFileSync(join(envoy, 'find-envoy.js'), 'export function findEnvoy() { throw new Error("none"); }');
  // No python3, and nothing of the test runner that runs this test.
  const env = { PATH: root };
  return (words: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    spawnSync(process.execPath, ['scripts/test.js', ...words], {
      cwd: root,
      env: { ...env, ...more },
      encoding: 'utf8',
    });
}

const lastLine = ({ stdout }: { readonly stdout: string }) => stdout.trimEnd().split('\n').at(-1);

test('what was skipped, and why, is the last line', (t) => {
  const run = project(t);
  const alone = run([]);
  assert.equal(alone.status, 0, alone.stderr);
  assert.equal(lastLine(alone), 'Skipped tests: 2 (no Envoy: There is no python3.)');
  assert.match(alone.stdout, /^. pass 1$/m);
  assert.equal(lastLine(run(['--offline'])), 'Skipped tests: 2 (no Envoy: offline)');
  // As npm --offline does.
  assert.equal(lastLine(run([], { npm_config_offline: 'true' })), 'Skipped tests: 2 (no Envoy: offline)');
  // Some tests: nothing is fetched, so nothing is known about it.
  assert.equal(lastLine(run(['a.test'])), 'Skipped tests: 2 (no Envoy)');
  assert.equal(run([], { FAILING: '1' }).status, 1);
});
