import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ejectionChecks } from '../../../../src/analysis/checks/ejections.js';
import type { EjectionWindow, RuleCheck } from '../../../../src/analysis/ejections/result.js';
import {
  compareWithRules,
  type RuleInput,
} from '../../../../src/analysis/ejections/rules/compare-with-rules.js';
import type { StreakRecord } from '../../../../src/analysis/ejections/rules/streak-record.js';
import type { EjectionRule } from '../../../../src/plan/plan.js';
import { outFrom, ruleWith, streakFrom } from '../../../support/ejection-rule.js';
import { triggerOf } from '../../../support/ejections.js';

function compared(
  windows: readonly EjectionWindow[],
  rule: Partial<EjectionRule> = {},
  streaks: readonly StreakRecord[] = [],
  seen = 3,
) {
  const found = compareWithRules({
    windows,
    streaks,
    endpointsSeen: new Map([['v', seen]]),
    rules: [ruleWith(rule)],
  });
  const [result] = found.rules;
  assert.ok(result !== undefined);
  const check = (name: RuleCheck['name']) => result.checks.find((one) => one.name === name);
  return { ...found, result, check };
}

const SHORT = { intervalMs: 3000, baseEjectionTimeMs: 3000 };

test('nothing happened: nothing is judged', () => {
  const { result } = compared([]);
  assert.deepEqual(result.checks, []);
  assert.deepEqual(ejectionChecks({ rules: [result], endpointsMissing: false }), []);
});

test('streaks too short for the rule are nothing to judge (a pod with 30 % errors)', () => {
  const streaks = [streakFrom(1000, 1050, 3, { triggerMs: null, cause: null })];
  assert.deepEqual(compared([], {}, streaks).result.checks, []);
});

test('the windows that were measured at base 3 s, interval 3 s: 3.8 s, then 8.9 s', () => {
  const { windows, check } = compared([outFrom(2200, 6000), outFrom(6100, 15_000)], SHORT);
  assert.deepEqual(
    windows.map(({ sequence, sequenceBounds, expectedDurationMs, verdict }) => ({
      sequence,
      sequenceBounds,
      expectedDurationMs,
      verdict,
    })),
    [
      { sequence: 1, sequenceBounds: [1, 1], expectedDurationMs: [3000, 6000], verdict: 'pass' },
      { sequence: 2, sequenceBounds: [2, 2], expectedDurationMs: [6000, 9000], verdict: 'pass' },
    ],
  );
  assert.equal(check('duration')?.verdict, 'pass');
  assert.equal(check('trigger')?.verdict, 'pass');
  assert.deepEqual(check('trigger')?.bound, [null, 5]);
  assert.match(check('trigger')?.text ?? '', /^2 windows came after 5 × 5xx in a row/);
  assert.deepEqual(check('max-ejection-percent')?.bound, [null, 1]);
  assert.equal(check('max-ejection-percent')?.verdict, 'pass');
});

test('n falls by one at each sweep at which the endpoint was in, and sweeps close to the ends leave it open', () => {
  const n = (gapMs: number) =>
    compared([outFrom(2200, 6000), outFrom(6000 + gapMs, 30_000)], SHORT).windows[1];
  assert.deepEqual(n(1000)?.sequenceBounds, [2, 2]);
  // The ejection may have been decided up to 1.1 s before it was seen: the sweep at 9 s may lie before or after it.
  assert.deepEqual(n(3500)?.sequenceBounds, [1, 2]);
  assert.equal(n(3500)?.sequence, 1);
  assert.deepEqual(n(5000)?.sequenceBounds, [1, 1]);
  assert.deepEqual(n(20_000)?.sequenceBounds, [1, 1]);
});

test('base × n goes no further than 300 s, or than the base', () => {
  const long = compared([outFrom(0, 400_000)], { baseEjectionTimeMs: 400_000 }).windows[0];
  assert.deepEqual(long?.expectedDurationMs, [400_000, 430_000]);
  const often = Array.from({ length: 14 }, (_, i) => outFrom(i * 400_000, i * 400_000 + 399_900));
  const last = compared(often, { baseEjectionTimeMs: 60_000, intervalMs: 60_000 }).windows.at(-1);
  assert.deepEqual(last?.expectedDurationMs, [300_000, 360_000]);
  // 5 × 60 s is the longest, and n grows once more beyond.
  assert.deepEqual(last?.sequenceBounds, [6, 6]);
});

for (const [name, window, verdict] of [
  ['too short', outFrom(2200, 3900), 'fail'],
  ['short by what merging explains', outFrom(2200, 4300), 'pass'],
  [
    'as short, but its end is not known well',
    outFrom(2200, 3900, { endBoundsMs: [2300, 7000] }),
    'inconclusive',
  ],
  ['too long', outFrom(1000, 320_000), 'fail'],
  ['longer than a first one, as after ejections before the run', outFrom(2200, 20_000), 'inconclusive'],
  ['still out, as long as allowed', outFrom(2200, null, { endBoundsMs: [5000, null] }), 'inconclusive'],
  ['still out, longer than any', outFrom(2200, null, { endBoundsMs: [320_000, null] }), 'fail'],
  [
    'too short, but after fewer 5xx than the rule asks',
    outFrom(2200, 3900, { trigger: triggerOf({ consecutive: 3 }) }),
    'inconclusive',
  ],
  [
    'too short, but the 5xx told no endpoint',
    outFrom(2200, 3900, { trigger: triggerOf({ endpointKnown: false }) }),
    'inconclusive',
  ],
  [
    'too short, but long after the 5xx',
    outFrom(4300, 6000, { trigger: triggerOf({ lastErrorMs: 3000 }) }),
    'inconclusive',
  ],
  ['too short, on one of several gateways', outFrom(2200, 3900, { fraction: 0.5 }), 'inconclusive'],
] as const) {
  test(`duration: ${name} is ${verdict}`, () => {
    const { windows, check } = compared([window], SHORT);
    assert.equal(windows[0]?.verdict, verdict);
    assert.equal(check('duration')?.verdict, verdict);
  });
}

for (const [why, windows, rule] of [
  [/n = 1, .*\): longer, which ejections before the first counted request/, [outFrom(2200, 20_000)], {}],
  [
    /longer, but it may not be an ejection by this rule/,
    [outFrom(2200, 20_000, { trigger: triggerOf({ consecutive: 3 }) })],
    {},
  ],
  [/shorter, but it may not be an ejection by this rule/, [outFrom(2200, 3900)], { minHealthPercent: 30 }],
  [/: it was still out at the end\./, [outFrom(2200, null, { endBoundsMs: [5000, null] })], {}],
  [
    /its start and end are not known exactly enough/,
    [outFrom(2200, 3900, { endBoundsMs: [2300, 7000] })],
    {},
  ],
  [
    /n is not known exactly enough/,
    [
      outFrom(0, 310_000, {
        kind: 'joined',
        startMs: null,
        startBoundsMs: [null, 5],
        durationMs: null,
        trigger: null,
        leaked: null,
      }),
      outFrom(310_100, 340_000),
    ],
    {},
  ],
] as const) {
  test(`duration: not decided, and said why: ${why.source}`, () => {
    const { check } = compared([...windows], { ...SHORT, ...rule });
    assert.equal(check('duration')?.verdict, 'inconclusive');
    assert.match(check('duration')?.text ?? '', /^1 window: not decided\. Largest difference: /);
    assert.match(check('duration')?.text ?? '', why);
  });
}

test('duration: a window that is still out for longer than expected is not outvoted by one that fits', () => {
  const open = outFrom(6500, null, { endpoint: 'b', endBoundsMs: [26_000, null] });
  const { check } = compared([outFrom(2200, 6000), open], SHORT);
  assert.equal(check('duration')?.verdict, 'inconclusive');
  assert.match(
    check('duration')?.text ?? '',
    /^1 of 2 windows: not decided\. Largest difference: "b" was out for at least 19\.49 s, .*: longer, /,
  );
  const young = outFrom(60_000, null, { endpoint: 'b', endBoundsMs: [62_000, null] });
  assert.equal(compared([outFrom(2200, 6000), young], SHORT).check('duration')?.verdict, 'pass');
});

test('a second window is longer than a first one, and never as long as twenty', () => {
  const second = compared([outFrom(2200, 6000), outFrom(6100, 30_000)], SHORT).windows[1];
  // It may be the nth after ejections before the run: that it is none is only sure beyond all that are allowed for.
  assert.equal(second?.verdict, 'inconclusive');
  const later = compared([outFrom(400_000, 404_000), outFrom(404_100, 470_000)], SHORT).windows[1];
  assert.deepEqual(later?.expectedDurationMs, [6000, 9000]);
  assert.equal(later?.verdict, 'fail');
});

test('a first window that only minutes of ejections before the run would explain is too long', () => {
  const rule = { intervalMs: 5000, baseEjectionTimeMs: 5000 };
  const [long] = compared([outFrom(9000, 56_700)], rule).windows;
  assert.deepEqual(long?.expectedDurationMs, [5000, 10_000]);
  assert.equal(long?.verdict, 'fail');
  // Six in a row take 105 s: after them, and a sweep in rotation, comes a sixth of 30 to 35 s.
  const seen = (ms: number) => compared([outFrom(9000, 9000 + ms)], rule).windows[0]?.verdict;
  assert.deepEqual([seen(34_000), seen(37_000)], ['inconclusive', 'fail']);
  // One of 300 s may always have come before.
  const rare = compared([outFrom(9000, 560_000)], { intervalMs: 10_000, baseEjectionTimeMs: 300_000 });
  assert.equal(rare.windows[0]?.verdict, 'fail');
});

test('begun before the run: any n, then and in the next window, and nothing is decided', () => {
  const joined = outFrom(0, 310_000, {
    kind: 'joined',
    startMs: null,
    startBoundsMs: [null, 5],
    durationMs: null,
    trigger: null,
    leaked: null,
  });
  const { windows } = compared([joined, outFrom(310_100, 340_000)], SHORT);
  assert.equal(windows[0]?.verdict, null);
  assert.deepEqual(windows[0]?.sequenceBounds, [1, 101]);
  assert.deepEqual(windows[1]?.sequenceBounds, [1, 101]);
  assert.equal(windows[1]?.verdict, 'inconclusive');
});

test('other absences raise only the upper bound of n, and are not judged', () => {
  const silent = outFrom(10_000, 13_000, { kind: 'silent', trigger: null, leaked: null });
  const { windows } = compared([outFrom(2200, 6000), silent, outFrom(13_100, 17_000)], SHORT);
  assert.equal(windows[1]?.verdict, null);
  assert.equal(windows[1]?.expectedDurationMs, null);
  assert.deepEqual(windows[2]?.sequenceBounds, [1, 3]);
});

test('ejections that Envoy merged away raise the upper bound of n too', () => {
  const hidden = streakFrom(6500, 6900, 9);
  const { windows } = compared([outFrom(2200, 6000), outFrom(12_000, 15_500)], SHORT, [hidden]);
  assert.deepEqual(windows[1]?.sequenceBounds, [1, 3]);
});

test('without a rule windows are counted', () => {
  const windows = [outFrom(0, 1), outFrom(5, 6, { endpoint: 'b' }), outFrom(7, 8)];
  const found = compareWithRules({ windows, streaks: [], endpointsSeen: new Map([['v', 2]]), rules: [] });
  assert.deepEqual(found.rules, []);
  assert.deepEqual(
    found.windows.map(({ endpoint, sequence, sequenceBounds, verdict }) => [
      endpoint,
      sequence,
      sequenceBounds,
      verdict,
    ]),
    [
      ['a', 1, [1, 1], null],
      ['b', 1, [1, 1], null],
      ['a', 2, [2, 2], null],
    ],
  );
});

test("each version is held against its own rule, else against everyone's", () => {
  const seen: RuleInput = {
    windows: [outFrom(2200, 6000), outFrom(2200, 6000, { version: 'w' })],
    streaks: [],
    endpointsSeen: new Map([
      ['v', 3],
      ['w', 3],
      ['x', 0],
    ]),
    rules: [
      ruleWith({ ...SHORT, source: 'all' }),
      ruleWith({ version: 'w', source: 'own' }),
      ruleWith({ version: 'unseen', source: 'its own' }),
    ],
  };
  const { rules, windows } = compareWithRules(seen);
  assert.deepEqual(
    rules.map(({ version, source }) => [version, source]),
    [
      ['v', 'all'],
      ['w', 'own'],
      ['x', 'all'],
      ['unseen', 'its own'],
    ],
  );
  assert.deepEqual(
    windows.map(({ verdict }) => verdict),
    ['pass', 'fail'],
  );
  assert.deepEqual(
    ejectionChecks({ rules, endpointsMissing: false }).map(({ name, verdict }) => [name, verdict]),
    [
      ['ejections/v/trigger', 'pass'],
      ['ejections/v/duration', 'pass'],
      ['ejections/v/max-ejection-percent', 'pass'],
      ['ejections/w/trigger', 'pass'],
      ['ejections/w/duration', 'fail'],
      ['ejections/w/max-ejection-percent', 'pass'],
    ],
  );
});

test('with a panic threshold an endpoint that goes on decides nothing: ejected ones may be sent requests', () => {
  const { check } = compared([], { ...SHORT, minHealthPercent: 30 }, [streakFrom(1000, 6000, 400)]);
  assert.equal(check('trigger')?.verdict, 'inconclusive');
  assert.match(check('trigger')?.text ?? '', /minHealthPercent/);
  const long = compared([outFrom(2200, 3900)], { ...SHORT, minHealthPercent: 30 });
  assert.equal(long.windows[0]?.verdict, 'inconclusive');
});

test('trigger: an endpoint that goes on though the rule lets it go fails, with the figures', () => {
  const { check } = compared([], SHORT, [streakFrom(1000, 6000, 400)]);
  assert.equal(check('trigger')?.verdict, 'fail');
  assert.equal(check('trigger')?.figure, 400);
  assert.match(
    check('trigger')?.text ?? '',
    /^"a" answered 400 × 5xx in a row from 1 s on .* for 4\.9 s after 5 × 5xx/,
  );
});

for (const [name, windows, streaks, rule, verdict] of [
  ['hardly longer than merging takes', [], [streakFrom(1000, 2500, 400)], {}, 'inconclusive'],
  ['fewer than several gateways would count', [], [streakFrom(1000, 6000, 49)], {}, 'inconclusive'],
  [
    'as long, where merging may hide ejections as short',
    [],
    [streakFrom(1000, 6000, 400)],
    { baseEjectionTimeMs: 1000 },
    'inconclusive',
  ],
  ['so rare that an ejection would not be seen', [], [streakFrom(0, 60_000, 60)], {}, 'inconclusive'],
  [
    'while another was out, the only one that may be',
    [outFrom(500, 9000, { endpoint: 'b' })],
    [streakFrom(1000, 6000, 400)],
    {},
    'pass',
  ],
  ['of which none may be out', [], [streakFrom(1000, 6000, 400)], { maxEjectionPercent: 10 }, 'inconclusive'],
  [
    'of three, of which the others never answered and may be out',
    [],
    [streakFrom(1000, 6000, 400)],
    { endpoints: 6 },
    'inconclusive',
  ],
  [
    'partly out: several gateways',
    [outFrom(1200, 5000, { fraction: 0.5 })],
    [streakFrom(1000, 6000, 400)],
    {},
    'pass',
  ],
] as const) {
  test(`trigger: a row ${name} is ${verdict}`, () => {
    assert.equal(
      compared([...windows], { ...SHORT, ...rule }, [...streaks]).check('trigger')?.verdict,
      verdict,
    );
  });
}

test('trigger: a window that came long after its count fails, unless another was out so long', () => {
  const late = outFrom(9000, 13_000, {
    trigger: triggerOf({ firstErrorMs: 1000, lastErrorMs: 1100 }),
    leaked: 600,
    leakedForMs: 7900,
  });
  assert.equal(compared([late], SHORT).check('trigger')?.verdict, 'fail');
  const other = outFrom(900, 8500, { endpoint: 'b' });
  assert.equal(compared([other, late], SHORT).check('trigger')?.verdict, 'pass');
  const merged = outFrom(2050, 6000, {
    trigger: triggerOf({ firstErrorMs: 1000, lastErrorMs: 1100 }),
    leaked: 113,
    leakedForMs: 950,
  });
  assert.equal(compared([merged], SHORT).check('trigger')?.verdict, 'pass');
});

test('trigger: windows after fewer 5xx than the rule asks decide nothing', () => {
  const { check } = compared([outFrom(2200, 6000, { trigger: triggerOf({ consecutive: 3 }) })], SHORT);
  assert.equal(check('trigger')?.verdict, 'inconclusive');
  assert.equal(check('trigger')?.figure, 3);
});

test('gateway errors: held apart from other 5xx, and never alone where all 5xx come first', () => {
  const of503 = outFrom(2200, 6000, { trigger: triggerOf({ consecutive: 3, statuses: { 503: 3 } }) });
  const binding = compared([of503], { ...SHORT, consecutiveGatewayErrors: 3 });
  assert.equal(binding.check('gateway-errors')?.verdict, 'pass');
  assert.equal(binding.check('trigger'), undefined);
  const none = compared([outFrom(2200, 6000)], { ...SHORT, consecutiveGatewayErrors: 3 });
  assert.equal(none.check('gateway-errors')?.verdict, 'inconclusive');
  assert.equal(none.check('trigger')?.verdict, 'pass');
  const never = compared([outFrom(2200, 6000)], { ...SHORT, consecutiveGatewayErrors: 7 });
  assert.match(never.check('gateway-errors')?.text ?? '', /never eject on their own/);
  const kept = compared([], { ...SHORT, consecutiveGatewayErrors: 3 }, [
    streakFrom(1000, 6000, 400, { statuses: { 502: 400 }, cause: 'gateway-errors' }),
  ]);
  assert.equal(kept.check('gateway-errors')?.verdict, 'fail');
});

test('a rule without counts: a window after 5xx is none of its', () => {
  const { check } = compared([outFrom(2200, 3900)], { ...SHORT, consecutive5xx: 0 });
  assert.equal(check('trigger')?.verdict, 'inconclusive');
  assert.equal(check('duration')?.verdict, 'inconclusive');
});

for (const [name, windows, rule, seen, verdict, figure] of [
  [
    'two of three at once, one may be',
    [outFrom(1000, 5500), outFrom(1100, 5500, { endpoint: 'b' })],
    {},
    3,
    'fail',
    2,
  ],
  [
    'the same, endpoints only seen',
    [outFrom(1000, 5500), outFrom(1100, 5500, { endpoint: 'b' })],
    { endpoints: null },
    3,
    'inconclusive',
    2,
  ],
  [
    'the same, more seen than the manifests have',
    [outFrom(1000, 5500), outFrom(1100, 5500, { endpoint: 'b' })],
    {},
    5,
    'inconclusive',
    2,
  ],
  [
    'two that may be',
    [outFrom(1000, 5500), outFrom(1100, 5500, { endpoint: 'b' })],
    { maxEjectionPercent: 67 },
    3,
    'pass',
    2,
  ],
  [
    'two at once, of which one went on failing for a while',
    [outFrom(1000, 5500), outFrom(1100, 5500, { endpoint: 'b', leaked: 3, leakedForMs: 60 })],
    {},
    3,
    'inconclusive',
    2,
  ],
  [
    'two at once, of which one stayed as long as no ejection does',
    [outFrom(1000, 5500), outFrom(1100, 30_000, { endpoint: 'b' })],
    {},
    3,
    'inconclusive',
    2,
  ],
  ['one after the other', [outFrom(1000, 5000), outFrom(5500, 9500, { endpoint: 'b' })], {}, 3, 'pass', 1],
  [
    'one after the other, hardly apart',
    [outFrom(1000, 5000), outFrom(5000, 9500, { endpoint: 'b' })],
    {},
    3,
    'inconclusive',
    1,
  ],
  [
    'one, with one that left',
    [outFrom(1000, 5500), outFrom(1100, 5500, { endpoint: 'b', kind: 'left' })],
    {},
    3,
    'pass',
    1,
  ],
  [
    'one, with one that fell silent',
    [outFrom(1000, 5500), outFrom(1100, 5500, { endpoint: 'b', kind: 'silent' })],
    {},
    3,
    'inconclusive',
    1,
  ],
] as const) {
  test(`max-ejection-percent: ${name} is ${verdict}`, () => {
    const check = compared([...windows], { ...SHORT, ...rule }, [], seen).check('max-ejection-percent');
    assert.equal(check?.verdict, verdict);
    assert.equal(check?.figure, figure);
  });
}

test('local origin: only where it is counted apart, and never decided', () => {
  const silent = outFrom(2200, 6000, { kind: 'silent', trigger: null, leaked: null });
  assert.deepEqual(compared([silent], SHORT).result.checks, []);
  const split = compared([silent], { ...SHORT, consecutiveLocalOriginFailures: 4 });
  assert.deepEqual(
    split.result.checks.map(({ name, verdict, figure }) => [name, verdict, figure]),
    [['local-origin', 'inconclusive', 1]],
  );
  assert.deepEqual(ejectionChecks({ rules: [split.result], endpointsMissing: false }), []);
});

test('thousands of windows and streaks are judged in no time to speak of', () => {
  const windows = Array.from({ length: 2048 }, (_, i) =>
    outFrom(i * 5000, i * 5000 + 4000, { endpoint: `e${i % 7}` }),
  );
  const streaks = Array.from({ length: 2048 }, (_, i) => streakFrom(i * 5000, i * 5000 + 4500, 400));
  const began = process.cpuUsage();
  compared(windows, SHORT, streaks);
  const { user } = process.cpuUsage(began);
  // Sorting all windows anew for each row took a second for each thousand of them, squared.
  assert.ok(user < 4_000_000, `${user} µs`);
});

/** Two versions of a route, of which some endpoints were out, with a rule for all. */
function together(
  rule: Partial<EjectionRule>,
  windows: readonly EjectionWindow[],
  streaks: StreakRecord[] = [],
) {
  const { rules } = compareWithRules({
    windows,
    streaks,
    endpointsSeen: new Map([
      ['v', 2],
      ['w', 2],
    ]),
    rules: ['v', 'w'].map((version) => ruleWith({ ...SHORT, version, endpoints: 4, ...rule })),
  });
  const verdict = (version: string, name: RuleCheck['name']) =>
    rules.find((one) => one.version === version)?.checks.find((one) => one.name === name);
  return { verdict };
}

const ROUTE = { scope: 'route', maxEjectionPercent: 25 } as const;

test('a rule of the route: the maximum is one of the endpoints of all versions', () => {
  const one = together(ROUTE, [outFrom(2200, 6000)]).verdict('v', 'max-ejection-percent');
  assert.equal(one?.verdict, 'pass');
  assert.match(one?.text ?? '', /^1 of 4 endpoints of all versions together out at once; 25 % allow 1 /);
  // Endpoints of two versions may have the same name.
  const windows = [outFrom(2200, 6000), outFrom(2300, 6100, { version: 'w' })];
  const both = together(ROUTE, windows).verdict('w', 'max-ejection-percent');
  assert.deepEqual([both?.verdict, both?.figure], ['fail', 2]);
  assert.equal(
    together({ ...ROUTE, scope: 'version', endpoints: 2, maxEjectionPercent: 50 }, windows).verdict(
      'w',
      'max-ejection-percent',
    )?.verdict,
    'pass',
  );
});

test('a rule of the route: an endpoint goes on while one of another version is out, as the rule asks', () => {
  const streak = streakFrom(1000, 6000, 400);
  const other = outFrom(500, 9000, { version: 'w', endpoint: 'b' });
  assert.equal(together(ROUTE, [other], [streak]).verdict('v', 'trigger')?.verdict, 'inconclusive');
  assert.equal(together(ROUTE, [], [streak]).verdict('v', 'trigger')?.verdict, 'fail');
  const single = { scope: 'version', endpoints: 2, maxEjectionPercent: 50 } as const;
  assert.equal(together(single, [other], [streak]).verdict('v', 'trigger')?.verdict, 'fail');
});

test('a rule that always ejects one allows one, whatever the percentage', () => {
  const rule = { ...ROUTE, maxEjectionPercent: 10, alwaysEjectsOne: true };
  const found = together(rule, [outFrom(2200, 6000)]).verdict('v', 'max-ejection-percent');
  assert.equal(found?.verdict, 'pass');
  assert.match(found?.text ?? '', /10 %, or one \(alwaysEjectOneEndpoint\), allow 1/);
});
