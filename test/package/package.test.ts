/**
 * The package as a user installs it: packed from a copy of the sources without a build (so that `prepare` has
 * to make it), installed into an empty folder, run through npx and imported.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { packageRoot } from '../../src/io/package-root.js';
import { documentText, relativeLinks } from '../support/markdown.js';

const run = promisify(execFile);
const root = packageRoot();
const scratch = mkdtempSync(join(tmpdir(), 'weighbridge-package-'));
const app = join(scratch, 'app');
const INSTALL_MS = 240_000;

/** Settings of the `npm test` around this one are not a user's. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^npm_(package|lifecycle|command)/.test(name)),
);
const inApp = (command: string, args: readonly string[]) => run(command, args, { cwd: app, env });

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}
let packed: Packed;

before(
  async () => {
    const source = join(scratch, 'source');
    mkdirSync(source);
    const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { files: string[] };
    const sources = [
      'package.json',
      '.npmrc',
      'LICENSE',
      'README.md',
      'src',
      'tsconfig.json',
      'tsconfig.build.json',
      'scripts',
    ];
    for (const name of new Set([...sources, ...files])) {
      if (name !== 'dist') cpSync(join(root, name), join(source, name), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(source, 'node_modules'), 'dir');
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', scratch], {
      cwd: source,
      env,
    });
    packed = (JSON.parse(stdout.slice(stdout.indexOf('['))) as Packed[])[0] as Packed;
    mkdirSync(app);
    writeFileSync(join(app, 'package.json'), '{"private": true, "type": "module"}\n');
    await inApp('npm', [
      'install',
      '--prefer-offline',
      '--no-audit',
      '--no-fund',
      join(scratch, packed.filename),
    ]);
  },
  { timeout: INSTALL_MS },
);
after(() => rmSync(scratch, { recursive: true, force: true }));

test('the package holds what is needed to run, and no more', () => {
  const paths = packed.files.map(({ path }) => path);
  for (const path of [
    'bin/weighbridge.js',
    'dist/index.js',
    'dist/types/index.d.ts',
    'dist/html-page.css',
    'dist/html-page.js',
    'dist/worker.js',
    'dist/echo-server.js',
    'docs/compare.schema.json',
    'docs/doctor.schema.json',
    'docs/limits.schema.json',
    'docs/plan.schema.json',
    'docs/result.schema.json',
    'samples/httproute-90-10.yaml',
    'scripts/envoy-pin.json',
    'scripts/get-envoy.js',
    'scripts/pip.js',
    'LICENSE',
    'README.md',
  ]) {
    assert.ok(paths.includes(path), path);
  }
  assert.deepEqual(
    paths.filter((path) => /^(src|test|bench)\/|\.test\.|tsconfig|\.map$/.test(path)),
    [],
  );
  assert.ok(packed.size < 1_250_000, `${packed.size} bytes`);
});

test('it holds what its README links to', () => {
  const paths = packed.files.map(({ path }) => path);
  const linked = relativeLinks(documentText('README.md')).map((link) => link.replace(/#.*/, ''));
  assert.ok(linked.length > 5);
  assert.deepEqual(
    linked.filter((path) => path !== '' && !paths.includes(path)),
    [],
  );
});

test('npx weighbridge works in the folder', async () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const { stdout } = await inApp('npx', ['--no-install', 'weighbridge', '--version']);
  assert.equal(stdout, `${version}\n`);
});

const SCRIPT = `
import { createServer } from 'node:http';
import { htmlReport, jsonReport, makePlan, readManifests, run, startLab, tableReport, UserError } from 'weighbridge';
import schema from 'weighbridge/result.schema.json' with { type: 'json' };
const samples = new URL('./node_modules/weighbridge/samples/', import.meta.url).pathname;
const files = ['gateway', 'httproute-90-10', 'deployments'].map((name) => samples + name + '.yaml');
const lab = await startLab({ manifests: await readManifests(files), seed: 1 });
const plan = await makePlan({
  url: lab.urls.http,
  host: 'test.devopscube.com',
  load: { requests: 200, connections: 4, threads: 1 },
});
const result = await run(plan);
await lab.close();
console.log(JSON.stringify({
  schema: schema.$schema,
  attributed: result.requests.attributed,
  json: JSON.parse(jsonReport(result)).schemaVersion,
  html: /<script>.{50000}/s.test(htmlReport(result)),
  table: tableReport(result, { columns: 80, color: false }).split('\\n')[0],
  error: new UserError('x').exitCode,
}));
`;

test('the library can be imported, and runs', async () => {
  writeFileSync(join(app, 'script.js'), SCRIPT);
  const { stdout } = await inApp(process.execPath, ['--no-warnings', 'script.js']);
  const { table, ...rest } = JSON.parse(stdout) as Record<string, unknown>;
  assert.deepEqual(rest, {
    schema: 'https://json-schema.org/draft/2020-12/schema',
    attributed: 200,
    json: 1,
    html: true,
    error: 2,
  });
  assert.match(String(table), /^200 requests in /);
});

test('its types are found by TypeScript, and are right', async () => {
  writeFileSync(
    join(app, 'types.ts'),
    `import { makePlan, run, type Plan, type PlanOptions, type RunResult, type Verdict } from 'weighbridge';
const plan: Plan | undefined = undefined;
export async function verdict(given: Plan = plan!): Promise<Verdict | null> {
  const result: RunResult = await run(given, { preflight: false });
  return result.verdict;
}
export const options: PlanOptions = { manifests: ['route.yaml'], expect: { v1: 90, v2: 10 } };
// @ts-expect-error weights, not a text
await makePlan({ expect: 'v1=90,v2=10' });
`,
  );
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2023'];
  const types = ['--typeRoots', join(root, 'node_modules', '@types'), '--types', 'node'];
  await inApp(process.execPath, [tsc, ...options, ...types, 'types.ts']).catch((error) => {
    assert.fail(`${error.stdout}${error.stderr}`);
  });
});

test('weighbridge --version takes at most three times as long as node -e 0', async () => {
  const bin = join(app, 'node_modules', 'weighbridge', 'bin', 'weighbridge.js');
  const ours: number[] = [];
  const bare: number[] = [];
  const timed = async (into: number[], args: readonly string[]) => {
    const startMs = performance.now();
    await inApp(process.execPath, args);
    into.push(performance.now() - startMs);
  };
  for (let i = 0; i < 15; i += 1) {
    await timed(ours, [bin, '--version']);
    await timed(bare, ['-e', '0']);
  }
  const median = (times: number[]) => times.sort((a, b) => a - b)[7] as number;
  const ratio = median(ours) / median(bare);
  assert.ok(ratio <= 3, `${ratio.toFixed(2)} times`);
});
