import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EjectionFold } from '../../src/analysis/ejections/ejection-fold.js';
import { RunFold } from '../../src/analysis/run-fold.js';
import { VersionSlots } from '../../src/analysis/version-slots.js';
import type { LoadPlan } from '../../src/plan/plan.js';
import { BlockMaker, judgePlan, type Row, runInfo } from '../support/blocks.js';
import { faultySetup } from '../support/ejection-sim/random-setups.js';
import { simulate } from '../support/ejection-sim/simulate.js';
import { answers } from '../support/results.js';

const LOAD = { timeoutMs: 1000, connections: 4, streams: 1 } as LoadPlan;

/** Rows in blocks of 100, as they end. */
function blocksOf(maker: BlockMaker, rows: readonly Row[]) {
  const sorted = [...rows].sort((a, b) => (a.endUs ?? 0) - (b.endUs ?? 0));
  return Array.from({ length: Math.ceil(sorted.length / 100) }, (_, i) =>
    maker.block(sorted.slice(i * 100, (i + 1) * 100)),
  );
}

function foldOf(maker: BlockMaker): RunFold {
  const judge = { ...judgePlan({ v1: 90, v2: 10 }), maxLatency: [{ version: null, percentile: 99, ms: 50 }] };
  return new RunFold({ ...maker.context(judge), ejections: { rules: [], load: LOAD } });
}

/** v2's second endpoint answers five 500s and then nothing for two seconds. */
function rows(): Row[] {
  let failed = 0;
  return answers(4000, { v1: 0.9, v2: 0.1 }).map((row, i): Row => {
    const used: Row = { ...row, connection: 1 + (i % 4), sequence: i };
    if (row.version !== 'v2' || !row.endpoint?.endsWith('.2') || (row.sendUs ?? 0) < 4e6) return used;
    if (failed < 5) {
      failed += 1;
      return { ...used, status: 500 };
    }
    return (row.sendUs ?? 0) < 7e6 ? { ...used, endpoint: '10.244.2.1' } : used;
  });
}

test('at the end, what is known so far is what the result says', () => {
  const maker = new BlockMaker();
  const all = rows();
  const fold = foldOf(maker);
  for (const block of blocksOf(maker, all)) fold.add(block);
  const soFar = fold.soFar();
  const result = fold.result(runInfo(all.length));
  assert.equal(soFar.method, 'fixed');
  assert.equal(soFar.looks, null);
  assert.equal(soFar.intervalConfidence, result.split?.intervalConfidence);
  assert.deepEqual(
    soFar.checks,
    result.checks.filter(({ name }) => !/^(sent|ejections)/.test(name)),
  );
  assert.deepEqual(soFar.errorKinds, result.errors.kinds);
  const keys = ['version', 'expectedShare', 'share', 'shareBounds', 'shareInterval'] as const;
  const picked = (version: { readonly [key in (typeof keys)[number]]: unknown }) =>
    keys.map((key) => version[key]);
  assert.deepEqual(soFar.versions.map(picked), result.versions.map(picked));
  assert.deepEqual(
    soFar.versions.map(({ p50Us, p99Us }) => [p50Us, p99Us]),
    result.versions.map(({ latencyUs: { percentiles } }) => [percentiles['50'], percentiles['99']]),
  );
});

test('to ask in the middle, after every block, changes nothing in the result', () => {
  const [asked, unasked] = [true, false].map((asks) => {
    const maker = new BlockMaker();
    const all = rows();
    const fold = foldOf(maker);
    for (const block of blocksOf(maker, all)) {
      fold.add(block);
      if (asks) fold.soFar();
    }
    return JSON.stringify(fold.result(runInfo(all.length)));
  });
  assert.equal(asked, unasked);
});

test('the same of simulated runs with failing endpoints', () => {
  for (let seed = 1; seed <= 8; seed++) {
    const { setup, labels, blocks } = simulate(faultySetup(seed));
    const [asked, unasked] = [true, false].map((asks) => {
      const slots = new VersionSlots(
        labels.versions,
        (label) => label,
        setup.versions.map(({ name }) => name),
      );
      const fold = new EjectionFold({ labels, rules: [], timeoutMs: setup.timeoutMs }, slots);
      for (const block of blocks) {
        fold.add(block, 0);
        if (asks) fold.soFar();
      }
      return fold.result();
    });
    assert.deepEqual(asked, unasked, `seed ${seed}`);
  }
});

test('an endpoint is out, and comes back', () => {
  const maker = new BlockMaker();
  const fold = foldOf(maker);
  assert.deepEqual(fold.soFar().ejections, { windows: [], earlier: 0, untilMs: 0 });
  const states = new Set<string>();
  for (const block of blocksOf(maker, rows())) {
    fold.add(block);
    const { windows = [], untilMs = 0 } = fold.soFar().ejections ?? {};
    for (const { endpoint, kind, startMs, endMs, verdict } of windows) {
      states.add(`${endpoint} ${kind} ${endMs === null ? 'out' : 'back'}`);
      assert.ok((startMs ?? 0) >= 4000 && (startMs ?? 0) < untilMs, `${startMs} of ${untilMs}`);
      assert.equal(verdict, null);
    }
  }
  assert.deepEqual([...states], ['10.244.2.2 ejected out', '10.244.2.2 ejected back']);
});

test('connections that keep to a version are the draws, as in the result', () => {
  const maker = new BlockMaker();
  const fold = new RunFold({
    ...maker.context(judgePlan({ v1: 50, v2: 50 })),
    ejections: { rules: [], load: LOAD },
  });
  const all = Array.from({ length: 2000 }, (_, i): Row => {
    const connection = 1 + (i % 20);
    return {
      version: connection % 2 === 0 ? 'v1' : 'v2',
      connection,
      dueUs: i * 1000,
      endUs: i * 1000 + 500,
    };
  });
  fold.add(maker.block(all));
  const [low = 0, high = 0] = fold.soFar().versions[0]?.shareInterval ?? [];
  assert.ok(high - low > 0.3, `20 draws, not 2,000: ${low} to ${high}`);
  assert.deepEqual(
    fold.soFar().versions[0]?.shareInterval,
    fold.result(runInfo(all.length)).versions[0]?.shareInterval,
  );
});

test('until the verdict, the checks of the look that decided stay', () => {
  const maker = new BlockMaker();
  const untilVerdict = { workers: 1, inFlight: 1, renews: false, ordered: true };
  const fold = new RunFold({ ...maker.context(judgePlan({ v1: 90, v2: 10 })), untilVerdict });
  const all = answers(8000, { v1: 0.5, v2: 0.5 }).map(
    (row, i): Row => ({ ...row, sequence: i, connection: 1 + (i % 4) }),
  );
  fold.add(maker.block(all.slice(0, 50)));
  const before = fold.soFar();
  assert.deepEqual([before.method, before.looks], ['sequential', 0]);
  fold.add(maker.block(all.slice(50)));
  assert.ok(fold.isDecided);
  const { checks } = fold.soFar();
  assert.deepEqual(
    checks,
    fold.result(runInfo(all.length)).checks.filter(({ name }) => name !== 'sent'),
  );
});

test('the latest latencies: of the whole run while it is short, then the last spans', () => {
  const fold = (ms: number) => {
    const maker = new BlockMaker();
    const run = new RunFold(maker.context(judgePlan(null)));
    const each = Array.from({ length: ms / 10 }, (_, i): Row => {
      const dueUs = i * 10_000;
      return { version: 'v1', dueUs, sendUs: dueUs, endUs: dueUs + (i * 10 < ms / 2 ? 1000 : 2000) };
    });
    run.add(maker.block(each));
    const { recentMs, versions } = run.soFar();
    return { recentMs, p50: versions[0]?.recent.map(({ p50Us }) => p50Us) ?? [] };
  };
  const short = fold(1000);
  assert.equal(short.recentMs, 100);
  assert.deepEqual(short.p50, [...Array(5).fill(1000), ...Array(5).fill(2000)]);
  assert.deepEqual([fold(20_000).recentMs, fold(20_000).p50.length], [1600, 13]);
  const long = fold(60_000);
  assert.deepEqual([long.recentMs, long.p50], [1600, Array(16).fill(2000)]);
});
