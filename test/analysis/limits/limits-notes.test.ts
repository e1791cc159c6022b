import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limitsNotes, type NotesInput } from '../../../src/analysis/limits/limits-notes.js';
import { foundKnee } from '../../support/limits-results.js';

const INPUT = input();

function input(): NotesInput {
  const { limits, requests } = foundKnee();
  return {
    found: limits,
    requests: { ...requests, byKind: { overflow: 17_900 } },
    gateway: null,
    clusters: [],
    isTimeOver: false,
    answered: new Set(['v1', 'v2']),
    isOneCluster: false,
  };
}

const textsOf = (changes: Partial<NotesInput>, code: string) =>
  limitsNotes({ ...INPUT, ...changes })
    .filter((note) => note.code === code)
    .map(({ text }) => text);

test('refusals below the knee have a reason: random routing where versions have limits of their own', () => {
  const code = 'limits-early-refusals';
  assert.match(textsOf({}, code)[0] ?? '', /one version has more than its share/);
  assert.match(textsOf({ isOneCluster: true }, code)[0] ?? '', /other clients, retries/);
  assert.deepEqual(textsOf({ found: { ...INPUT.found, firstRefusalConnections: 290 } }, code), []);
});

test('what refuses besides circuit breakers is told apart', () => {
  const requests = {
    ...INPUT.requests,
    byKind: { 'rate-limited': 3, 'no-healthy-upstream': 1, 'no-local-port': 2 },
  };
  const texts = textsOf({ requests }, 'limits-other-refusals');
  assert.equal(texts.length, 2);
  assert.match(texts[0] ?? '', /429 of the gateway: a rate limit/);
  assert.match(texts[1] ?? '', /^1 request .*no healthy upstream/);
  assert.match(
    textsOf({ requests }, 'limits-own-fault')[0] ?? '',
    /^2 requests failed because of this machine/,
  );
});

test('counts of the gateway and the client that differ', () => {
  const gateway = (client: number, counted: number) => ({
    clusters: [],
    overflows: { client, gateway: counted },
    remarks: [],
  });
  const code = 'limits-counts-differ';
  assert.deepEqual(textsOf({ gateway: gateway(7, 7) }, code), []);
  assert.match(
    textsOf({ gateway: gateway(7, 9) }, code)[0] ?? '',
    /counted 9 overflows, the client 7\. Other clients/,
  );
  assert.match(textsOf({ gateway: gateway(7, 5) }, code)[0] ?? '', /several replicas/);
});

test('a gateway that answers nothing any more', () => {
  const [step] = INPUT.found.steps;
  assert.ok(step !== undefined);
  const silent = { ...step, accepted: 0, refused: 0, failed: 4, refusedByKind: { refused: 4 } };
  const found = { ...INPUT.found, steps: [...INPUT.found.steps, silent] };
  assert.match(
    textsOf({ found }, 'limits-gateway-left')[0] ?? '',
    /answered nothing at 100 connections \(refused × 4\)/,
  );
});

test('a search that the time ended says so', () => {
  assert.deepEqual(textsOf({}, 'limits-time-over'), []);
  assert.match(textsOf({ isTimeOver: true }, 'limits-time-over')[0] ?? '', /--max-time/);
});

test('limits of a version that never answered are said to count for nothing', () => {
  const cluster = (version: string | null) => ({ version }) as NotesInput['clusters'][number];
  const code = 'limits-unanswered';
  assert.deepEqual(textsOf({ clusters: [cluster('v1'), cluster(null)] }, code), []);
  assert.match(
    textsOf({ clusters: [cluster('v3')] }, code)[0] ?? '',
    /^Nothing of "v3" answered: its limits .*"v1", "v2"\.$/,
  );
  assert.deepEqual(textsOf({ clusters: [cluster('v3')], answered: new Set() }, code), []);
});
