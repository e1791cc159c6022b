/** Rules held against windows whose truth is known: those of the model of Envoy's outlier detection. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { EjectionWindow } from '../../../src/analysis/ejections/result.js';
import { compareWithRules } from '../../../src/analysis/ejections/rules/compare-with-rules.js';
import type { StreakRecord } from '../../../src/analysis/ejections/rules/streak-record.js';
import { MergedHosts } from '../../../src/lab/embedded/merged-hosts.js';
import { OutlierModel } from '../../../src/lab/embedded/outlier-model.js';
import type { EjectionRule } from '../../../src/plan/plan.js';
import { outFrom, ruleWith, streakFrom } from '../../support/ejection-rule.js';
import { triggerOf } from '../../support/ejections.js';

interface Schedule {
  readonly hosts: number;
  readonly consecutive: number;
  readonly baseMs: number;
  readonly intervalMs: number;
  readonly percent: number;
  /** Of the first sweep, a part of the interval. */
  readonly phase: number;
  readonly everyMs: number;
  /** Times in which a host answers 500. */
  readonly faults: readonly { readonly host: number; readonly atMs: number; readonly forMs: number }[];
  /** How widely what is seen is bounded, ms. */
  readonly widthMs: number;
}

const RUN_MS = 120_000;

const schedule: fc.Arbitrary<Schedule> = fc.record({
  hosts: fc.integer({ min: 2, max: 4 }),
  consecutive: fc.integer({ min: 2, max: 6 }),
  baseMs: fc.integer({ min: 1500, max: 9000 }),
  intervalMs: fc.integer({ min: 700, max: 9000 }),
  percent: fc.constantFrom(25, 34, 50, 67, 100),
  phase: fc.double({ min: 0, max: 1, noNaN: true }),
  everyMs: fc.double({ min: 3, max: 60, noNaN: true }),
  faults: fc.array(
    fc.record({
      host: fc.integer({ min: 0, max: 3 }),
      atMs: fc.integer({ min: 0, max: RUN_MS }),
      forMs: fc.integer({ min: 20, max: 30_000 }),
    }),
    { minLength: 1, maxLength: 8 },
  ),
  widthMs: fc.constantFrom(0.1, 5, 40),
});

interface Truth {
  /** As a client would have found them, and n of each. */
  readonly windows: readonly { readonly seen: EjectionWindow; readonly n: number }[];
  readonly streaks: readonly StreakRecord[];
}

/** An absence while it goes on, and after. */
interface Out {
  readonly host: string;
  readonly n: number;
  readonly fromMs: number;
  toMs: number | null;
  /** The 5xx before; null when good answers came after them, while Envoy merged. */
  readonly streak: StreakRecord | null;
}

/** Runs the models: a request every few ms to a host that workers send to, in turn. */
function played(given: Schedule): Truth {
  const { hosts, consecutive, baseMs, intervalMs, percent, phase, everyMs, faults } = given;
  const names = Array.from({ length: hosts }, (_, i) => `h${i}`);
  const streaks = new Map<string, StreakRecord>();
  const kept: StreakRecord[] = [];
  const end = (host: string, endedBy: StreakRecord['endedBy']): StreakRecord | null => {
    const streak = streaks.get(host) ?? null;
    streaks.delete(host);
    if (streak !== null && streak.triggerMs !== null) kept.push({ ...streak, endedBy });
    return streak?.triggerMs === null ? null : streak;
  };
  const outs: Out[] = [];
  const counts = new Map<string, number>();
  const workers = new MergedHosts(({ host, healthy, atMs }) => {
    const last = outs.findLast((out) => out.host === host);
    if (healthy && last !== undefined) last.toMs = atMs;
    if (!healthy) {
      const n = counts.get(host) ?? 0;
      outs.push({ host, n, fromMs: atMs, toMs: null, streak: end(host, 'absence') });
    }
  });
  const settings = {
    errorCodes: null,
    consecutive5xxErrors: consecutive,
    consecutiveGatewayErrors: 0,
    consecutiveLocalOriginFailures: null,
    splitExternalLocalOriginErrors: false,
    intervalMs,
    baseEjectionTimeMs: baseMs,
    maxEjectionPercent: percent,
    alwaysEjectsOne: false,
    ejectsBySuccessRate: false,
    failurePercentage: null,
    minHealthPercent: 0,
    given: [],
  };
  const model = new OutlierModel(
    names,
    settings,
    (phase - 1) * intervalMs,
    ({ action, host, atMs, backOff }) => {
      if (action === 'refused') return;
      if (action === 'ejected') counts.set(host, backOff);
      workers.change(host, action === 'returned', atMs);
    },
  );
  for (let atMs = 0, turn = 0; atMs < RUN_MS; atMs += everyMs, turn += 1) {
    model.sweepUntil(atMs);
    const free = names.filter((name) => workers.takesRequests(name, atMs));
    const host = free[turn % free.length];
    if (host === undefined) continue;
    const fails = faults.some(
      (fault) => `h${fault.host}` === host && fault.atMs <= atMs && atMs < fault.atMs + fault.forMs,
    );
    if (fails) {
      const streak = streaks.get(host) ?? streakFrom(atMs, atMs, 0, { endpoint: host, triggerMs: null });
      const count = streak.consecutive + 1;
      const triggerMs = count >= consecutive ? (streak.triggerMs ?? atMs) : null;
      streaks.set(host, { ...streak, consecutive: count, lastErrorMs: atMs, triggerMs });
    }
    model.record(host, fails ? 500 : 200, atMs);
    if (!fails) end(host, 'answer');
  }
  for (const name of names) end(name, 'end');
  return { windows: outs.map((out) => ({ seen: windowOf(out, given), n: out.n })), streaks: kept };
}

function windowOf({ host, fromMs, toMs, streak }: Out, { widthMs, consecutive }: Schedule): EjectionWindow {
  const times = {
    endpoint: host,
    startBoundsMs: [fromMs - widthMs, fromMs + widthMs],
    endBoundsMs: toMs === null ? [Math.max(RUN_MS, fromMs), null] : [toMs - widthMs, toMs + widthMs],
  } satisfies Partial<EjectionWindow>;
  if (streak === null || streak.triggerMs === null) {
    return outFrom(fromMs, toMs, {
      ...times,
      kind: 'silent',
      trigger: null,
      leaked: null,
      leakedForMs: null,
    });
  }
  return outFrom(fromMs, toMs, {
    ...times,
    trigger: triggerOf({
      consecutive,
      statuses: { 500: streak.consecutive },
      firstErrorMs: streak.firstErrorMs,
      lastErrorMs: streak.triggerMs,
    }),
    leaked: streak.consecutive - consecutive,
    leakedForMs: streak.lastErrorMs - streak.triggerMs,
  });
}

function ruleFor({ consecutive, baseMs, intervalMs, percent, hosts }: Schedule): EjectionRule {
  return ruleWith({
    consecutive5xx: consecutive,
    baseEjectionTimeMs: baseMs,
    intervalMs,
    maxEjectionPercent: percent,
    endpoints: hosts,
  });
}

test('whatever the model does, as it is seen, is by its own rule: n within its bounds, no check fails', () => {
  fc.assert(
    fc.property(schedule, (given) => {
      const { windows, streaks } = played(given);
      const found = compareWithRules({
        windows: windows.map(({ seen }) => seen),
        streaks,
        endpointsSeen: new Map([['v', given.hosts]]),
        rules: [ruleFor(given)],
      });
      found.windows.forEach((window, i) => {
        const { n } = windows[i] as (typeof windows)[number];
        const [lo, hi] = window.sequenceBounds;
        assert.ok(lo <= n && n <= hi, `n ${n} is not in [${lo}, ${hi}]`);
        assert.ok(lo <= window.sequence && window.sequence <= hi);
        if (lo === hi) assert.equal(window.sequence, n);
        const judged = window.endMs === null || hi - lo > 1 ? 'inconclusive' : 'pass';
        assert.equal(window.verdict, window.kind === 'ejected' ? judged : null);
      });
      for (const { name, verdict, text } of found.rules[0]?.checks ?? []) {
        assert.notEqual(verdict, 'fail', `${name}: ${text}`);
      }
    }),
    { numRuns: 120, seed: 16 },
  );
});

test('held against a rule with a much longer or shorter base time, the first closed window fails', () => {
  let judged = 0;
  fc.assert(
    fc.property(schedule, (given) => {
      const { windows, streaks } = played(given);
      const first = windows.find(({ seen }) => seen.endMs !== null);
      if (first === undefined || first.seen.kind !== 'ejected' || first !== windows[0]) return;
      judged += 1;
      const longer = { ...given, baseMs: given.baseMs + given.intervalMs + 3000 };
      const { windows: held, rules } = compareWithRules({
        windows: [first.seen],
        streaks,
        endpointsSeen: new Map([['v', given.hosts]]),
        rules: [ruleFor(longer)],
      });
      assert.equal(held[0]?.verdict, 'fail');
      assert.equal(rules[0]?.checks.find(({ name }) => name === 'duration')?.verdict, 'fail');
    }),
    { numRuns: 50, seed: 17 },
  );
  assert.ok(judged >= 15, `${judged} had a window`);
});
