/** What is loaded when the command line starts: each file costs a short run CPU, in the main thread and in every worker. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { packageRoot } from '../../src/io/package-root.js';
import { BIN, weighbridge } from '../support/cli.js';
import { httpServer } from '../support/servers.js';
import { scratch } from './sample-lab.js';

const DIST = join(packageRoot(), 'dist');

/** Files that a thread loaded. */
interface Loaded {
  readonly own: readonly string[];
  /** `undici/lib/llhttp/llhttp_simd-wasm.js` */
  readonly ofPackages: readonly string[];
}

/**
 * Runs the command line. @returns what its main thread loaded, by V8's report of the code that it has. The reports of workers may be
 * missing: the process does not wait for them
 */
async function loadedBy(t: TestContext, args: readonly string[]): Promise<Loaded> {
  const reports = scratch(t);
  const { status, stderr } = await weighbridge(t, args, { env: { NODE_V8_COVERAGE: reports } });
  assert.ok(status === 0 || status === 3, stderr);
  for (const name of readdirSync(reports)) {
    const { result } = JSON.parse(readFileSync(join(reports, name), 'utf8')) as { result: { url: string }[] };
    const files = result.map(({ url }) => url).filter((url) => url.startsWith('file:'));
    const ofPackages = files.filter((url) => url.includes('/node_modules/'));
    const own = files.filter((url) => !ofPackages.includes(url)).map((url) => url.replace(/^.*\//, ''));
    if (!own.includes('main.js')) continue;
    return { own, ofPackages: ofPackages.map((url) => url.replace(/^.*\/node_modules\//, '')) };
  }
  throw new Error('no report of the main thread');
}

/** What a file of dist/ imports at once, with what its imports import: files of dist/, and names of modules. */
function importedBy(file: string, found = new Set<string>()): Set<string> {
  found.add(file);
  const text = readFileSync(join(DIST, file), 'utf8');
  for (const [, name = ''] of text.matchAll(/\b(?:from|import)"([^"]+)"/g)) {
    if (!name.startsWith('./')) found.add(name);
    else if (!found.has(name.slice(2))) importedBy(name.slice(2), found);
  }
  return found;
}

test('a run with a URL and --expect loads one driver, and no other package: nothing for manifests, expressions or files', async (t) => {
  const server = await httpServer(t, (_request, reply) => {
    reply.setHeader('x-version', 'v1');
    reply.end('hello');
  });
  const run = ['run', `http://${server.at}/`, '--expect', 'v1=100', '--version-from', 'header:x-version'];
  const main = await loadedBy(t, [...run, '-n', '20', '-c', '2']);
  assert.deepEqual(main.ofPackages, ['undici/lib/llhttp/llhttp_simd-wasm.js']);
  assert.deepEqual(
    main.own.filter((file) => /http2|undici|live-view/.test(file)),
    [],
  );
});

test('a worker has few files, shared with nobody, and loads a driver and TLS only when it uses them', () => {
  const imported = [...importedBy('worker.js')];
  const files = imported.filter((name) => name.endsWith('.js'));
  assert.ok(files.length <= 6 && files.every((file) => file.startsWith('worker')), `${files}`);
  const modules = imported.filter((name) => !name.endsWith('.js'));
  assert.ok(modules.includes('node:worker_threads'), `${modules}`);
  assert.ok(
    modules.every((name) => /^node:/.test(name) && !/^node:(tls|crypto|http2?|https)$/.test(name)),
    `${modules}`,
  );
});

test('--version loads no parser of the command line, and --help no package that sends or reads manifests', async (t) => {
  const version = await loadedBy(t, ['--version']);
  assert.ok(version.own.length <= 12, `${version.own}`);
  assert.deepEqual(version.ofPackages, []);
  const help = await loadedBy(t, ['--help']);
  assert.deepEqual(help.ofPackages, []);
});

test('a short run leaves the parser to the quick compiler', async (t) => {
  const server = await httpServer(t, (_request, reply) => {
    reply.setHeader('x-version', 'v1');
    reply.end('hello');
  });
  const optimized = async (...length: string[]) => {
    const run = ['run', `http://${server.at}/`, '--version-from', 'header:x-version', '--quiet', ...length];
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--trace-wasm-compilation-times',
      BIN,
      ...run,
    ]);
    assert.match(stdout, /using Liftoff/);
    return stdout.includes('using TurboFan');
  };
  assert.equal(await optimized('-n', '3000'), false);
  assert.equal(await optimized('-n', '3000', '--no-preflight'), false);
  assert.equal(await optimized('-z', '1s', '-q', '2000'), false);
});
