import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { UserError } from '../../../src/errors.js';
import { findEnvoy } from '../../../src/lab/envoy/find-envoy.js';

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'weighbridge-find-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function program(path: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '#!/bin/sh\n');
  chmodSync(path, 0o755);
  return path;
}

test('named places come before PATH, PATH before the caches', (t) => {
  const root = folderFor(t);
  const given = program(join(root, 'given', 'my-envoy'));
  const named = program(join(root, 'named', 'my-envoy'));
  const onPath = program(join(root, 'path', 'envoy'));
  const inClone = program(join(root, 'clone', '.cache', 'envoy', 'envoy'));
  const inUserCache = program(join(root, 'xdg', 'weighbridge', 'envoy', 'envoy'));
  const XDG_CACHE_HOME = join(root, 'xdg');
  const PATH = `${join(root, 'nothing')}:${dirname(onPath)}`;
  const packageRoot = join(root, 'clone');

  const env = { WEIGHBRIDGE_ENVOY_PATH: named, PATH, XDG_CACHE_HOME };
  assert.equal(findEnvoy({ envoyPath: given, env, packageRoot }), given);
  assert.equal(findEnvoy({ env, packageRoot }), named);
  assert.equal(findEnvoy({ env: { PATH, XDG_CACHE_HOME }, packageRoot }), onPath);
  assert.equal(findEnvoy({ env: { PATH: '', XDG_CACHE_HOME }, packageRoot }), inClone);
  const elsewhere = join(root, 'elsewhere');
  assert.equal(findEnvoy({ env: { PATH: '', XDG_CACHE_HOME }, packageRoot: elsewhere }), inUserCache);
  assert.equal(findEnvoy({ env: { PATH: '', HOME: root }, packageRoot: join(root, 'clone') }), inClone);
});

test('a named file that cannot be started is an error, not a reason to look elsewhere', (t) => {
  const root = folderFor(t);
  program(join(root, 'path', 'envoy'));
  const env = { PATH: join(root, 'path') };
  const text = join(root, 'text');
  writeFileSync(text, 'not a program');
  for (const envoyPath of [text, root, join(root, 'missing')]) {
    assert.throws(
      () => findEnvoy({ envoyPath, env, packageRoot: root }),
      (error: Error) => error instanceof UserError && error.message.startsWith(`--envoy-path: ${envoyPath}`),
    );
  }
});

test('without any Envoy the error says how to get one', (t) => {
  const root = folderFor(t);
  assert.throws(
    () => findEnvoy({ env: { PATH: '', HOME: root }, packageRoot: root }),
    (error: Error) => error instanceof UserError && /npm run get-envoy/.test(error.message),
  );
});

test('an envoy in the current folder is not found by relative paths', (t) => {
  const root = folderFor(t);
  program(join(root, 'envoy'));
  program(join(root, 'weighbridge', 'envoy', 'envoy'));
  const before = process.cwd();
  process.chdir(root);
  t.after(() => process.chdir(before));
  const env = {
    PATH: ['.', '', 'weighbridge/envoy'].join(':'),
    XDG_CACHE_HOME: '.',
    HOME: join(root, 'home'),
  };
  assert.throws(() => findEnvoy({ env, packageRoot: join(root, 'clone') }), /No Envoy was found/);
});
