import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { guard } from '../../../src/lab/envoy/guardian.js';
import { scratch } from '../../e2e/sample-lab.js';
import { isRunning, parentOf } from '../../support/processes.js';
import { until } from '../client.js';

/** The command for a program of Node.js. */
const node = (program: string) => [process.execPath, '-e', program];
const FOREVER = 'setInterval(() => {}, 1000);';

function guarded(t: TestContext, command: readonly string[]) {
  const folder = join(scratch(t), 'folder');
  const program = guard(folder, command);
  t.after(() => program.stop());
  mkdirSync(folder);
  let errors = '';
  program.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const pid = () => pidIn(folder);
  return { ...program, folder, errors: () => errors, pid };
}

async function pidIn(folder: string): Promise<number> {
  const file = join(folder, 'pid');
  await until(() => existsSync(file) && readFileSync(file, 'utf8') !== '', 'the program runs');
  return Number(readFileSync(file, 'utf8'));
}

test('a program that ends by itself: its errors are read, its files are gone', async (t) => {
  const program = guarded(t, node('console.error("words"); process.exitCode = 3'));
  program.start();
  assert.deepEqual(await program.ended, { started: true });
  assert.equal(program.errors(), 'words\n');
  assert.equal(existsSync(program.folder), false);
  await program.stop();
});

test('stop is SIGTERM, which the program may handle', async (t) => {
  const handler = 'process.on("SIGTERM", () => { console.error("asked"); process.exit(); });';
  const program = guarded(t, node(`${handler} ${FOREVER} console.error("ready")`));
  program.start();
  await until(() => program.errors() === 'ready\n', 'it is ready');
  const pid = await program.pid();
  await program.stop();
  assert.equal(program.errors(), 'ready\nasked\n');
  assert.equal(isRunning(pid), false);
  assert.equal(existsSync(program.folder), false);
});

test('what ignores SIGTERM is killed, and the shell says nothing about it', async (t) => {
  const program = guarded(t, node(`process.on("SIGTERM", () => {}); ${FOREVER} console.error("ready")`));
  program.start();
  await until(() => program.errors() === 'ready\n', 'it is ready');
  const pid = await program.pid();
  await program.stop();
  assert.equal(program.errors(), 'ready\n');
  assert.equal(isRunning(pid), false);
  assert.equal(existsSync(program.folder), false);
});

test('stopped before the start, the program never runs', async (t) => {
  const program = guarded(t, node('console.error("ran")'));
  await program.stop();
  assert.equal(program.errors(), '');
  assert.equal(existsSync(program.folder), false);
});

test('a program that is not there', async (t) => {
  const program = guarded(t, ['/no/such/program']);
  program.start();
  assert.deepEqual(await program.ended, { started: false });
  assert.match(program.errors(), /\/no\/such\/program/);
  assert.equal(existsSync(program.folder), false);
});

test('arguments are never read as shell', async (t) => {
  const words = ['$(exit 7)', '`id`', '"', "'", 'a b', '*', ''];
  const program = guarded(t, [...node('console.error(JSON.stringify(process.argv.slice(1)))'), ...words]);
  program.start();
  await program.ended;
  assert.deepEqual(JSON.parse(program.errors()), words);
});

test('a guardian that is killed takes its program along', async (t) => {
  const program = guarded(t, node(FOREVER));
  program.start();
  const pid = await program.pid();
  process.kill(parentOf(pid), 'SIGKILL');
  await program.ended;
  await until(() => !isRunning(pid), 'the program ends');
});

test('when the process that started it is killed, the program ends and its files go', async (t) => {
  const folder = join(scratch(t), 'folder');
  mkdirSync(folder);
  const guardian = new URL('../../../src/lab/envoy/guardian.js', import.meta.url).href;
  const command = JSON.stringify(node(`process.on("SIGTERM", () => {}); ${FOREVER}`));
  const starter = `
    import { guard } from ${JSON.stringify(guardian)};
    guard(${JSON.stringify(folder)}, ${command}).start();
  `;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', starter], { stdio: 'inherit' });
  t.after(() => parent.kill('SIGKILL'));
  const pid = await pidIn(folder);
  parent.kill('SIGKILL');
  await until(() => !isRunning(pid), 'the program ends');
  await until(() => !existsSync(folder), 'the folder is gone');
});
