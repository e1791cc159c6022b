/** Rules that cannot act, or whose windows outlast the run, are said before the load starts. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { refusal, weighbridge } from '../support/cli.js';
import { drawnAnew } from '../support/draws.js';
import { readResult } from '../support/result-schema.js';
import { sample, sampleLab, scratch } from './sample-lab.js';

const MANIFESTS = ['httproute-90-10.yaml', 'destinationrules.yaml', 'deployments.yaml'].flatMap((name) => [
  '-f',
  sample(name),
]);

test('before the load on standard error, and in the report; only what was asked for makes a run inconclusive', async (t) => {
  const lab = await sampleLab(t);
  const json = join(scratch(t), 'run.json');
  const words = ['run', lab.urls.http as string, ...MANIFESTS, '-n', '2000', '-z', '20s', '--tolerance', '8'];
  words.push('--only', 'split,ejections');
  const { end, result } = await drawnAnew(
    async () => ({
      end: await weighbridge(t, [...words, '--eject-max', '10', '--json', json]),
      result: readResult(readFileSync(json, 'utf8')),
    }),
    (run) => run.result,
  );
  // http-echo tells no endpoints.
  assert.equal(end.status, 3, end.stdout + end.stderr);
  assert.match(end.stdout, /^INCONCLUSIVE {2}no response named its endpoint/);
  const said = end.stderr.split('\n').filter((line) => line.startsWith('weighbridge: Ejection of '));
  assert.equal(said.length, 3, end.stderr);
  assert.match(
    said.join('\n'),
    /Ejection of backend-v1: cannot act: of 3 endpoints at most floor\(3 × 10 ÷ 100\) = 0/,
  );
  assert.match(said.join('\n'), /Ejection of backend-v2: cannot act: of 2 endpoints/);
  assert.match(
    said.join('\n'),
    /Ejection of backend-v1, backend-v2: baseEjectionTime 30 s is not shorter than this run \(20 s\)/,
  );
  assert.equal(result.notes.filter(({ code }) => code === 'ejection-rule').length, 3);
  assert.equal(result.split?.verdict, 'pass');
  const { end: quiet } = await drawnAnew(
    async () => ({
      end: await weighbridge(t, [...words, '--quiet', '--json', json]),
      result: readResult(readFileSync(json, 'utf8')),
    }),
    (run) => run.result,
  );
  assert.deepEqual([quiet.status, quiet.stderr], [0, ''], 'a rule of the manifests alone');
});

test('a wrong value is refused before anything is sent', async (t) => {
  const end = await refusal(t, ['run', 'http://127.0.0.1:9', '--eject-base', 'long']);
  assert.equal(end.status, 2);
  assert.match(end.stderr, /^weighbridge: --eject-base: 'long' is not a duration/);
});
