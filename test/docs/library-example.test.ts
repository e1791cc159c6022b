/** README's TypeScript: type-checked against the built package, then run against the embedded lab. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { packageRoot } from '../../src/io/package-root.js';
import { startLab } from '../../src/lab/lab.js';
import { readManifests } from '../../src/plan/manifests/index.js';
import { codeBlocks, documentText } from '../support/markdown.js';

const root = packageRoot();
const samples = join(root, 'samples');
const node = (args: readonly string[], folder: string) =>
  promisify(execFile)(process.execPath, args, { cwd: folder });

const examples = codeBlocks(documentText('README.md')).filter(({ language }) => language === 'ts');

/** The options of somebody who checks strictly; its JavaScript is written beside it. */
const TSCONFIG = {
  compilerOptions: {
    target: 'ES2022',
    module: 'NodeNext',
    lib: ['ES2023'],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noEmitOnError: true,
    types: ['node'],
    typeRoots: [join(root, 'node_modules', '@types')],
  },
  files: ['example.ts'],
};

/** A project that depends on the built package. */
function project(t: TestContext, example: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'weighbridge-example-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules', 'weighbridge'), 'dir');
  cpSync(join(samples, 'httproute-90-10.yaml'), join(folder, 'route.yaml'));
  writeFileSync(join(folder, 'package.json'), '{"private": true, "type": "module"}\n');
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG));
  writeFileSync(join(folder, 'example.ts'), example);
  return folder;
}

test('README has an example', () => assert.equal(examples.length, 1));

for (const { text, line } of examples) {
  test(`README, line ${line}: the example has no type error, and prints the verdict`, async (t) => {
    const files = ['gateway', 'httproute-90-10', 'deployments'].map((name) => join(samples, `${name}.yaml`));
    const lab = await startLab({ manifests: await readManifests(files, async () => ''), seed: 1 });
    t.after(() => lab.close());
    const fewer = text.replace('requests: 20_000', 'requests: 5_000');
    const folder = project(t, fewer.replace('http://127.0.0.1:8080', lab.urls.http as string));
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    await node([tsc, '-p', 'tsconfig.json'], folder).catch((error) =>
      assert.fail(`${error.stdout}${error.stderr}`),
    );
    const { stdout, stderr } = await node(['example.js'], folder);
    assert.equal(stderr, '');
    assert.match(stdout, /^pass \[/);
    assert.match(stdout, /version: 'backend-v1'/);
  });
}
