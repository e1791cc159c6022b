import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { assertSaid, weighbridge } from '../support/cli.js';
import { readPlanning } from '../support/plan-schema.js';
import { sample } from './sample-lab.js';

test('the samples, as a table and as JSON, without a URL or an address', async (t) => {
  const files = ['httproute-90-10', 'gateway', 'destinationrules'].flatMap((name) => [
    '-f',
    sample(`${name}.yaml`),
  ]);
  const table = await weighbridge(t, ['plan', ...files]);
  assert.deepEqual([table.status, table.stderr], [0, '']);
  assert.match(table.stdout, /^Needed .*\nsplit .*\nerrors .*\nthe verdict /m);
  const json = await weighbridge(t, ['plan', ...files, '--json', '-', '-q', '20', '--power', '80']);
  assert.deepEqual([json.status, json.stderr], [0, '']);
  const { expectation, needed } = readPlanning(json.stdout);
  assert.deepEqual([expectation.power, needed.times.length], [0.8, 1]);
  assert.ok((needed.split?.passChance ?? 0) >= 0.8);
});

test('JSON is valid by its schema for every kind of input', async (t) => {
  const list = readFileSync(sample('kubectl-get.yaml'), 'utf8');
  const inputs: readonly (readonly [words: string[], status: number, input?: string])[] = [
    [['-f', '-'], 0, list],
    [['--expect', 'v1=1'], 0],
    [
      ['--expect', 'v1=9,v2=1', '--only', 'errors,latency', '--max-latency', 'p99=1s', '--eject-after', '3'],
      0,
    ],
    [['-f', sample('deployments.yaml'), '--expect', 'v1=9,v2=1'], 1],
  ];
  for (const [words, status, input] of inputs) {
    const end = await weighbridge(t, ['plan', ...words, '--json', '-'], input === undefined ? {} : { input });
    assert.deepEqual([end.status, end.stderr], [status, ''], words.join(' '));
    readPlanning(end.stdout);
  }
});

test('bad input ends with 2 and one clear line', async (t) => {
  const route = sample('httproute-90-10.yaml');
  const cases: readonly (readonly [words: string[], message: RegExp])[] = [
    [[], /Nothing is expected.*-f.*--expect v1=90,v2=10/],
    [['-f', route, '--host', 'a.b'], /No route is for the host a\.b/],
    [['-f', route, '--power', '30'], /--power: 30 is out of range: 50 to 99\.99/],
    [['-f', route, '--save', 'a'], /save/],
    [[route], /is a file, not a URL/],
    [['-f', route, '--json', route], /--json/],
  ];
  for (const [words, message] of cases) assertSaid(await weighbridge(t, ['plan', ...words]), 2, message);
});
