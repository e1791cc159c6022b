/** What a gateway draws a version for: requests and connections are told apart, and no verdict takes one for the other. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunResult } from '../../src/analysis/result.js';
import { RunFold } from '../../src/analysis/run-fold.js';
import { BlockMaker, judgePlan, type Row, runInfo, seededRandom } from '../support/blocks.js';
import { NIGHTLY_TIMES } from '../support/nightly.js';
import { resultOf } from '../support/results.js';

interface Gateway {
  readonly connections: number;
  readonly requests: number;
  /** Share of v2. */
  readonly share: number;
  readonly unit: 'request' | 'connection';
  /** Address and worker of a connection. */
  readonly place?: (connection: number) => { address?: string; worker?: number; share?: number };
}

/** A run judged as 90/10, in which connections take turns. */
function run({ connections, requests, share, unit, place }: Gateway, random: () => number): RunResult {
  const draw = (of: number) => (random() < of ? 'v2' : 'v1');
  const chosen = Array.from({ length: connections }, (_, c) => draw(place?.(c).share ?? share));
  const rows = Array.from({ length: requests }, (_, i): Row => {
    const c = i % connections;
    const { address = 'gw:80', worker = 0, share: own = share } = place?.(c) ?? {};
    return {
      dueUs: i,
      version: unit === 'request' ? draw(own) : (chosen[c] as string),
      connection: c + 1,
      address,
      worker,
    };
  });
  const maker = new BlockMaker();
  const block = maker.block(rows);
  const fold = new RunFold(maker.context({ ...judgePlan({ v1: 90, v2: 10 }), only: ['split'] }));
  fold.add(block);
  const info = runInfo(rows.length);
  return fold.result({ ...info, load: { ...info.load, connectionsOpened: connections } });
}

const codes = ({ notes }: RunResult) => notes.map(({ code }) => code);

test('a version for each request: a request is a draw', () => {
  const result = run({ connections: 50, requests: 6000, share: 0.1, unit: 'request' }, seededRandom(23));
  assert.deepEqual([result.verdict, result.split?.unit, result.split?.draws], ['pass', 'request', 6000]);
  assert.equal(result.connections?.keepVersion, false);
  assert.ok(!codes(result).includes('connections-differ'));
});

test('a version for each connection: a connection is a draw, in the verdict, in the intervals and in words', () => {
  const result = run({ connections: 50, requests: 6000, share: 0.2, unit: 'connection' }, seededRandom(23));
  assert.deepEqual(
    [result.verdict, result.split?.unit, result.split?.draws, result.split?.moreRequestsNeeded],
    ['inconclusive', 'connection', 50, null],
  );
  assert.equal(result.connections?.oneVersion, 50);
  const [low, high] = result.versions[1]?.shareInterval ?? [0, 0];
  assert.ok(high - low > 0.15, `${low} to ${high}`);
  const text = result.notes.find(({ code }) => code === 'connections-differ')?.text ?? '';
  assert.match(
    text,
    /^50 of 50 connections got one version only .*each of the 50 connections counts as one draw/,
  );
  assert.match(text, /--requests-per-connection 10/);
});

test('many connections decide by themselves', () => {
  const random = seededRandom(23);
  const many = { connections: 5000, requests: 50_000, unit: 'connection' } as const;
  assert.equal(run({ ...many, share: 0.1 }, random).verdict, 'pass');
  assert.equal(run({ ...many, share: 0.2 }, random).verdict, 'fail');
});

test('replicas behind one address that do not agree are named as such, with their connections and shares', () => {
  const place = (c: number) => ({ share: c % 2 === 0 ? 0.05 : 0.5, worker: c % 2 });
  const result = run({ connections: 40, requests: 8000, share: 0, unit: 'request', place }, seededRandom(23));
  const [found, ...more] = result.split?.findings ?? [];
  assert.deepEqual(more, []);
  assert.ok(found?.kind === 'replicas');
  assert.deepEqual(
    found.groups.map(({ connections, responses }) => [connections, responses]),
    [
      [20, 4000],
      [20, 4000],
    ],
  );
  const [low = 0, high = 0] = found.groups.map(({ shares }) => shares.v2 ?? 0).sort((a, b) => a - b);
  assert.ok(Math.abs(low - 0.05) < 0.02 && Math.abs(high - 0.5) < 0.04, `${low}, ${high}`);
  assert.match(
    found.text,
    /^Connections lead to gateways that disagree: on 20 "v2" has .* on 20 it has .*\(p < 1e-9\)\.$/,
  );
  assert.ok(codes(result).includes('connections-differ'));
});

test('shares that change are not taken for connections that differ, though some were open before and others after', () => {
  const random = seededRandom(23);
  const rows = Array.from({ length: 6000 }, (_, i): Row => {
    const share = i < 3000 ? 0.1 : 0.5;
    return {
      dueUs: i * 100,
      version: random() < share ? 'v2' : 'v1',
      connection: 1 + Math.floor(i / 500),
      address: 'gw:80',
    };
  });
  const result = resultOf(rows, { v1: 90, v2: 10 });
  assert.equal(result.connections?.keepVersion, false);
  assert.deepEqual(
    result.split?.findings.map(({ kind }) => kind),
    ['drift'],
  );
  assert.ok(codes(result).includes('shares-changed'));
});

test('few connections that all got one version: the verdict stands, and a note says what would tell', () => {
  const text = (connections: number) =>
    run({ connections, requests: 2000, share: 0, unit: 'connection' }, seededRandom(23)).notes.find(
      ({ code }) => code === 'version-never-answered',
    )?.text ?? '';
  assert.match(
    text(16),
    /16 connections may have missed it by chance: --requests-per-connection 10 tells\.$/,
  );
  assert.doesNotMatch(text(50), /by chance/);
});

test('addresses and threads that differ are not taken for it', () => {
  const ofAddress = (c: number) => ({ address: `10.0.0.${c % 2}:80`, share: c % 2 === 0 ? 0.05 : 0.5 });
  const byAddress = run(
    { connections: 40, requests: 8000, share: 0, unit: 'request', place: ofAddress },
    seededRandom(23),
  );
  assert.ok(codes(byAddress).includes('address-differs'));
  assert.ok(!codes(byAddress).includes('connections-differ'));
  assert.equal(byAddress.split?.unit, 'request');
});

test('simulated: of runs in which each connection draws, at most 5 % have a wrong verdict', () => {
  const random = seededRandom(2312);
  for (const connections of NIGHTLY_TIMES > 1 ? [8, 16, 32, 64] : [8, 64]) {
    let passed = 0;
    let failed = 0;
    const runs = 100;
    for (let i = 0; i < runs; i++) {
      const common = { connections, requests: 2000, unit: 'connection' } as const;
      if (run({ ...common, share: 0.2 }, random).verdict === 'pass') passed += 1;
      const kept = run({ ...common, share: 0.1 }, random);
      // Where all connections have one version there is nothing to compare (docs/statistics.md).
      if (kept.connections !== null && kept.verdict === 'fail') failed += 1;
    }
    assert.ok(passed <= 5 && failed <= 10, `${connections} connections: ${passed} pass, ${failed} fail`);
  }
});
