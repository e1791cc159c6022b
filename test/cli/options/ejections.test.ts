import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseEjections } from '../../../src/cli/options/ejections.js';
import type { Flags } from '../../../src/cli/options/flags.js';
import { UserError } from '../../../src/errors.js';
import { packageRoot } from '../../../src/io/package-root.js';
import { planFromFlags as planOf } from '../../support/flags.js';

const URL = 'http://127.0.0.1:8080';
const sample = (name: string) => join(packageRoot(), 'samples', name);
const MANIFESTS = ['httproute-90-10.yaml', 'destinationrules.yaml', 'deployments.yaml'].map(sample);

test('one alone, all, none', () => {
  assert.equal(parseEjections({}), undefined);
  assert.deepEqual(parseEjections({ 'eject-after': '3' }), {
    after: 3,
    baseMs: undefined,
    intervalMs: undefined,
    maxPercent: undefined,
    source: '--eject-after 3',
  });
  assert.deepEqual(
    parseEjections({
      'eject-max': '34 %',
      'eject-base': '1m30s',
      'eject-after': '0',
      'eject-interval': '5',
    }),
    {
      after: 0,
      baseMs: 90_000,
      intervalMs: 5000,
      maxPercent: 34,
      source: '--eject-after 0 --eject-base 1m30s --eject-interval 5 --eject-max 34 %',
    },
  );
});

const WRONG: readonly (readonly [Flags, RegExp])[] = [
  [{ 'eject-after': 'many' }, /--eject-after: 'many' is not a whole number/],
  [{ 'eject-after': '1.5' }, /--eject-after: '1\.5' is not a whole number/],
  [{ 'eject-after': '-1' }, /--eject-after: '-1' is not a whole number/],
  [{ 'eject-after': '2M' }, /--eject-after: 2M is out of range/],
  [{ 'eject-base': '0' }, /--eject-base: must be longer than 0/],
  [{ 'eject-base': '10us' }, /--eject-base: '10us' is shorter than 1ms/],
  [{ 'eject-interval': 'soon' }, /--eject-interval: 'soon' is not a duration/],
  [{ 'eject-max': '101' }, /--eject-max: 101 is out of range: 0 to 100/],
  [{ 'eject-max': '%' }, /--eject-max: '' is not a whole number/],
  [{ 'eject-max': ['50', '60'] }, /--eject-max was given 2 times/],
];
for (const [flags, message] of WRONG) {
  test(`refused: ${JSON.stringify(flags)}`, async () => {
    const isSaid = (error: unknown) =>
      error instanceof UserError && error.exitCode === 2 && message.test(error.message);
    assert.throws(() => parseEjections(flags), isSaid);
    await assert.rejects(planOf(URL, flags), isSaid);
  });
}

test('a plan without manifests has a rule for all versions, or none', async () => {
  assert.deepEqual((await planOf(URL)).ejection, []);
  const { ejection, notes } = await planOf(URL, { 'eject-base': '2s', 'eject-interval': '1s' });
  assert.deepEqual(ejection, [
    {
      version: null,
      scope: 'version',
      source: '--eject-base 2s --eject-interval 1s',
      consecutive5xx: 5,
      errorCodes: null,
      consecutiveGatewayErrors: 0,
      consecutiveLocalOriginFailures: null,
      intervalMs: 1000,
      baseEjectionTimeMs: 2000,
      maxEjectionPercent: 10,
      alwaysEjectsOne: false,
      minHealthPercent: 0,
      endpoints: null,
      asked: true,
    },
  ]);
  assert.match(notes.map(({ text }) => text).join('\n'), /can act only with at least 10 endpoints/);
});

test('a plan from manifests has their rules, with the flags over them', async () => {
  const { ejection } = await planOf(URL, { manifest: MANIFESTS });
  assert.deepEqual(
    ejection.map(({ version, consecutive5xx, endpoints }) => [version, consecutive5xx, endpoints]),
    [
      ['backend-v1', 5, 3],
      ['backend-v2', 5, 2],
    ],
  );
  const over = await planOf(URL, { manifest: MANIFESTS, 'eject-after': '7', expect: 'v1=90,v2=10,v3=0' });
  assert.deepEqual(
    over.ejection.map(({ version, consecutive5xx, intervalMs }) => [version, consecutive5xx, intervalMs]),
    [
      ['v1', 7, 30_000],
      ['v2', 7, 30_000],
      [null, 7, 10_000],
    ],
  );
  assert.match(over.ejection[0]?.source ?? '', /^DestinationRule .* with --eject-after 7$/);
});

test('what a run cannot see of its rule is among its notes', async () => {
  const notes = async (flags: Flags) =>
    (await planOf(URL, { manifest: MANIFESTS, ...flags })).notes
      .filter(({ code }) => code === 'ejection-rule')
      .map(({ text }) => text);
  assert.deepEqual(await notes({}), [
    'Ejection of backend-v1, backend-v2: this run ends when its verdict is known, perhaps before a window (30 s or longer) ends. A run of a fixed duration shows it.',
  ]);
  assert.deepEqual(await notes({ duration: '10s' }), [
    'Ejection of backend-v1, backend-v2: baseEjectionTime 30 s is not shorter than this run (10 s): the end of a window will not be seen.',
  ]);
  assert.deepEqual(await notes({ duration: '3m' }), []);
  assert.equal((await notes({ duration: '3m', 'eject-max': '49' })).length, 1);
});
