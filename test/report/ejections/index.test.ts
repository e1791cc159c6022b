/** The terminal report on ejections. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import stringWidth from 'string-width';
import type { EjectionsResult } from '../../../src/analysis/ejections/result.js';
import type { RunResult } from '../../../src/analysis/result.js';
import { tableReport } from '../../../src/report/table.js';
import {
  ejected,
  episodeOf,
  gatewayWindowOf,
  issueEjections,
  ruleOf,
  triggerOf,
  windowOf,
  withEjections,
} from '../../support/ejections.js';
import { everyday } from '../../support/results.js';

const render = (result: RunResult, columns = 80, color = false) => tableReport(result, { columns, color });
const report = (changes: Partial<EjectionsResult>, columns = 80, color = false) =>
  render(withEjections(changes), columns, color);

/** The lines from one that begins with this to the next blank one. */
function section(text: string, head: string): string[] {
  const lines = text.split('\n');
  const from = lines.findIndex((line) => line.startsWith(head));
  assert.ok(from >= 0, `${head}\n\n${text}`);
  return lines.slice(from, lines.indexOf('', from));
}

const gatewayOf = (changes: Partial<NonNullable<EjectionsResult['gateway']>> = {}) => ({
  windows: [gatewayWindowOf()],
  clockOffsetMs: null,
  unknownAfterMs: null,
  counters: null,
  remarks: [],
  ...changes,
});

/** Everything there is, of every kind, with this in each text. */
function everything(label: (i: number) => string): RunResult {
  const kinds = [
    '5xx',
    'no-healthy-upstream',
    'overflow',
    'connection-failure',
    'moved',
    'unanswered',
  ] as const;
  const at = (i: number) => ({ version: label(i), endpoint: label(i + 100) });
  const before = { startMs: null, startBoundsMs: [null, 40] as [null, number], durationMs: null };
  const open = { endMs: null, endBoundsMs: [179_000, null] as [number, null], durationMs: null };
  const blind = { trigger: null, leaked: null, leakedForMs: null, expectedDurationMs: null, verdict: null };
  const windows = [
    windowOf(at(1)),
    windowOf({ ...at(2), ...before, ...blind, kind: 'silent' }),
    windowOf({ ...at(3), ...open, verdict: 'inconclusive', sequence: 12, sequenceBounds: [11, 12] }),
    windowOf({ ...at(4), ...before, ...open, ...blind, kind: 'left', fraction: 0.3333 }),
    windowOf({
      ...at(5),
      verdict: 'fail',
      leaked: 1_234_567,
      leakedForMs: 170_000,
      trigger: triggerOf({
        consecutive: 1_234,
        statuses: Object.fromEntries(Array.from({ length: 60 }, (_, i) => [540 + i, 1_000 + i])),
        inFlight: 20_000,
        endpointKnown: false,
      }),
      outAtOnce: { out: 150, of: 256 },
      startMs: 98_765_432,
      startBoundsMs: [98_765_432, 98_769_000],
      endMs: 99_765_432,
      endBoundsMs: [99_765_431, 99_765_432],
      durationMs: 1_000_000,
    }),
  ];
  return withEjections({
    windows,
    episodes: kinds.map((kind, i) =>
      episodeOf({
        version: label(i),
        kind,
        ...(i % 2 === 0 ? {} : { endMs: null, share: null, serviceTimeUs: { before: null, after: null } }),
      }),
    ),
    rules: [
      ruleOf({ version: label(1), source: label(2) }),
      ruleOf({
        consecutive5xx: 0,
        consecutiveGatewayErrors: 3,
        consecutiveLocalOriginFailures: 4,
        checks: [
          { name: 'local-origin', verdict: 'fail', figure: null, bound: [null, null], text: label(3) },
        ],
      }),
    ],
    timeline: {
      sliceMs: 500,
      rows: Array.from({ length: 40 }, (_, i) => ({ ...at(i), slices: '  ..x__.'.repeat(i + 20) })),
    },
    gateway: gatewayOf({
      windows: [
        gatewayWindowOf({ cluster: label(1), address: label(2), endpoint: null, explanation: label(3) }),
        gatewayWindowOf({
          endpoint: label(4),
          ejectedMs: null,
          unejectedMs: null,
          window: null,
          from: 'admin',
          differenceMs: { start: null, end: null },
        }),
        gatewayWindowOf({
          ejectedMs: [1_000, 1_900],
          window: 99,
          differenceMs: { start: -98_765.4, end: 0.2 },
        }),
      ],
      clockOffsetMs: { estimate: -3_600_000, bounds: [-3_600_001, 0] },
      unknownAfterMs: 170_123,
      counters: Object.fromEntries(
        Array.from({ length: 12 }, (_, i) => [label(i), { [label(i)]: 7, zero: 0 }]),
      ),
      remarks: Array.from({ length: 30 }, (_, i) => label(i)),
    }),
    remarks: Array.from({ length: 3 }, (_, i) => label(i)),
  });
}

const results: Record<string, RunResult> = {
  "the issue's example": ejected(),
  'plain names': everything((i) => `v${i}`),
  'long names': everything((i) => `${'a-rather-long-name-'.repeat(15)}${i}`.slice(-300)),
  'wide characters': everything((i) => `${'版本'.repeat(140)}${i}`),
  'hostile labels': everything((i) => `\u001b[2J\u001b]0;x\u0007${'👩‍👩‍👧e\u0301\u202E\n'.repeat(20)}${i}`),
  'nothing looked for': everyday(),
  'nothing found': withEjections({}),
  'a gateway that says nothing': withEjections({ gateway: gatewayOf({ windows: [] }) }),
};

for (const [name, result] of Object.entries(results)) {
  test(`fits 60 to 200 columns, with and without colour: ${name}`, () => {
    for (const columns of [60, 61, 75, 76, 80, 120, 160, 200]) {
      const plain = render(result, columns);
      for (const line of plain.split('\n')) {
        assert.ok(stringWidth(line) <= columns, `${stringWidth(line)} > ${columns}: ${line}`);
        assert.doesNotMatch(line, /\s$/u, 'no blanks at the end');
      }
      assert.doesNotMatch(plain, /[\p{Cf}\u0000-\u0009\u000b-\u001f\u007f-\u009f]/u);
      if (columns !== 60 && columns !== 200) continue;
      assert.equal(
        render(result, columns, true).replaceAll(/\u001b\[[\d;]*m/gu, ''),
        plain,
        'colour takes no room',
      );
    }
  });
}

test("the issue's example at 80 columns: a window in two lines", () => {
  assert.deepEqual(section(render(ejected()), 'Ejections  '), [
    'Ejections             kind     out from – to       out for  verdict',
    'backend-v2 / pod-7c9  ejected  12.43 s – 46.2 s     33.8 s  pass',
    '  5 × 500 in a row from 12.41 s, nothing leaked, expected 30 – 60 s',
    'backend-v2 / pod-7c9  ejected  47.26 s – 108.33 s   61.1 s  pass',
    '  n = 2, 5 × 500 in a row from 46.21 s (2 in flight), leaked 113 in 1.0 s,',
    '  expected 60 – 90 s',
  ]);
});

test('at 60 columns the verdict begins the second line', () => {
  assert.deepEqual(section(render(ejected(), 60), 'Ejections  '), [
    'Ejections             kind     out from – to       out for',
    'backend-v2 / pod-7c9  ejected  12.43 s – 46.2 s     33.8 s',
    '  pass, 5 × 500 in a row from 12.41 s, nothing leaked,',
    '  expected 30 – 60 s',
    'backend-v2 / pod-7c9  ejected  47.26 s – 108.33 s   61.1 s',
    '  pass, n = 2, 5 × 500 in a row from 46.21 s (2 in flight),',
    '  leaked 113 in 1.0 s, expected 60 – 90 s',
  ]);
  const late = report({ windows: [windowOf({ verdict: 'fail' })] }, 60, true);
  assert.ok(late.includes('\n  \u001b[1;31mfail\u001b[22;39m, 5 × 500 in a row'), late);
});

test('where there is room, a line per window', () => {
  assert.deepEqual(section(render(ejected(), 160), 'Ejections  '), [
    'Ejections             kind            out from – to       out for   expected  trigger' +
      '                                      leaked        verdict',
    'backend-v2 / pod-7c9  ejected         12.43 s – 46.2 s     33.8 s  30 – 60 s  5 × 500 in a row from 12.41 s' +
      '                0             pass',
    'backend-v2 / pod-7c9  ejected, n = 2  47.26 s – 108.33 s   61.1 s  60 – 90 s  5 × 500 in a row from 46.21 s ' +
      '(2 in flight)  113 in 1.0 s  pass',
  ]);
});

test('what no window has, has no column', () => {
  const bare = windowOf({ leaked: null, leakedForMs: null, expectedDurationMs: null, verdict: null });
  const [head] = section(report({ windows: [bare] }, 120), 'Ejections  ');
  assert.equal(head, 'Ejections             kind     out from – to     out for  trigger');
});

const oddWindows: [what: string, changes: Parameters<typeof windowOf>[0], words: RegExp][] = [
  [
    'begun before the run',
    { startMs: null, startBoundsMs: [null, 40], durationMs: null },
    /before – 46\.2 s +> 46\.1 s/,
  ],
  [
    'open at the end',
    { endMs: null, endBoundsMs: [179_900, null], durationMs: null },
    /12\.43 s – to the end +> 167\.4 s/,
  ],
  [
    'known to the millisecond',
    { startBoundsMs: [12_433, 12_433.4], endBoundsMs: [46_211.8, 46_212] },
    /12\.433 s – 46\.212 s +33\.779 s/,
  ],
  ['known to some seconds', { startBoundsMs: [12_433, 15_900] }, /~12 s – 46\.2 s +~34 s/],
  ['silent', { kind: 'silent', trigger: null }, /silent.*no error before it/s],
  ['joined', { kind: 'joined', trigger: null }, /joined +until 46\.2 s .*its first request came late/s],
  ['left', { kind: 'left', trigger: null }, /left.*failed connections, no 5xx/s],
  [
    'silent after errors',
    { kind: 'silent', trigger: null, errorsBefore: { 503: 5 } },
    /silent.*only 503 × 5 before it/s,
  ],
  [
    'left after an error',
    { kind: 'left', trigger: null, errorsBefore: { 503: 1 } },
    /left.*failed connections, only 503 × 1 before it/s,
  ],
  [
    'ejected by the word of the gateway alone, which also knows how long',
    {
      trigger: null,
      reported: {
        from: 'event-log',
        type: 'CONSECUTIVE_5XX',
        durationMs: [33_779, 33_779],
        settles: ['kind', 'verdict'],
      },
    },
    /by the gateway's event log \(CONSECUTIVE_5XX\).*pass \(event log\)|pass \(event log\).*by the gateway's event log/s,
  ],
  ['on one of two gateways', { fraction: 0.5 }, /50 % of it/],
  ['n not certain', { sequence: 2, sequenceBounds: [2, 3] }, /n = 2 to 3/],
  [
    'after an ejection that began before: any n',
    { sequence: 2, sequenceBounds: [1, 151], expectedDurationMs: [2_000, 301_000], verdict: 'inconclusive' },
    /n ≥ 1\b.*≥ 2 s/s,
  ],
  ['with others', { outAtOnce: { out: 2, of: 3 } }, /2 of 3 at once/],
  [
    'endpoint unknown',
    { trigger: triggerOf({ endpointKnown: false }) },
    /from 12\.41 s \(endpoint unknown\)/,
  ],
  ['leaking for a short time', { leaked: 2, leakedForMs: 10.34 }, /leaked.* 2 in 10 ms/s],
  [
    'several statuses',
    { trigger: triggerOf({ statuses: { 500: 3, 503: 2 } }) },
    /5 × 5xx in a row from 12\.41 s \(500 × 3 · 503 × 2\)/,
  ],
];

for (const [what, changes, words] of oddWindows) {
  test(`a window that is ${what}`, () => {
    const text = report({ windows: [windowOf(changes)] }, 200);
    assert.match(text, words);
    // The same is said in two lines.
    assert.match(section(report({ windows: [windowOf(changes)] }, 80), 'Ejections  ').join('\n'), words);
  });
}

test('at 60 columns the ends of the run are named shortly', () => {
  const window = windowOf({
    startMs: null,
    startBoundsMs: [null, 40],
    endMs: null,
    endBoundsMs: [30, null],
    durationMs: null,
  });
  const lines = section(report({ windows: [window] }, 60), 'Ejections  ');
  assert.match(lines[1] as string, /before – end +-$/);
});

test('what limits the figures stands below the windows, or alone', () => {
  const remarks = ['7 requests came too late to be put in order.'];
  assert.equal(section(report({ windows: [windowOf()], remarks }), 'Ejections').at(-1), `- ${remarks[0]}`);
  assert.ok(report({ remarks }).includes(`\n\n- ${remarks[0]}\n`));
});

test('of many windows, episodes and rules the first twenty are shown', () => {
  const of = <T>(make: (changes: object) => T) => Array.from({ length: 23 }, () => make({}));
  const text = report({ windows: of(windowOf), episodes: of(episodeOf), rules: of(ruleOf) });
  assert.equal(section(text, 'Ejections  ').at(-1), 'and 3 more windows: see --json');
  assert.equal(section(text, 'Episodes').at(-1), 'and 3 more episodes: see --json');
  assert.equal(section(text, 'Ejection rules').at(-1), 'and 3 more rules: see --json');
  const gateway = gatewayOf({ windows: of(gatewayWindowOf) });
  assert.ok(report({ gateway }).includes('\nand 3 more windows of the gateway: see --json\n'));
});

test('episodes: what, when, what it cost, and the service time around it', () => {
  const episodes = [
    episodeOf({ kind: 'no-healthy-upstream', endMs: null, requests: 1_245, share: 1 }),
    episodeOf({ kind: 'moved', requests: 0, share: null, serviceTimeUs: { before: 812, after: 1_040 } }),
    episodeOf({ kind: 'overflow', serviceTimeUs: { before: null, after: null } }),
  ];
  assert.deepEqual(section(report({ episodes }, 100), 'Episodes'), [
    'Episodes       what                    from – to             requests  share %      service time',
    'backend-v2     no healthy upstream     12.41 s – to the end     1,245   100.00    1.20 → 1.31 ms',
    'backend-v2     moved: weight changed?  12.41 s – 12.43 s            0        -  812 µs → 1.04 ms',
    'backend-v2     overflow                12.41 s – 12.43 s            5    55.56                 -',
  ]);
});

test('the timeline: merged slices are out before failing before ok, over an axis in seconds', () => {
  const row = (endpoint: string, slices: string) => ({ version: 'v1', endpoint, slices });
  // 240 slices in 65 columns: four become one.
  const rows = [
    row('a', `${'....'.repeat(30)}${'.x..'}${'x__.'}${'    '}${'   .'.repeat(27)}`),
    row('b', '.'.repeat(240)),
  ];
  assert.deepEqual(section(report({ windows: [windowOf()], timeline: { sliceMs: 250, rows } }), 'Timeline'), [
    'Timeline       . ok  x failing  _ out · 1 s each',
    `v1 / a         ${'.'.repeat(30)}x_ ${'.'.repeat(27)}`,
    `v1 / b         ${'.'.repeat(60)}`,
    '               |0 s      |10 s     |20 s     |30 s     |40 s     |50 s',
  ]);
});

test('the timeline in colour: out is red, failing yellow', () => {
  const timeline = { sliceMs: 100, rows: [{ version: 'v1', endpoint: 'a', slices: '..xx__.' }] };
  const text = report({ windows: [windowOf()], timeline }, 80, true);
  assert.ok(
    text.includes('v1 / a         ..\u001b[1;33mxx\u001b[22;39m\u001b[1;31m__\u001b[22;39m.\n'),
    JSON.stringify(text),
  );
});

test('of many endpoints those that were out or failed are shown, in the order they stand', () => {
  const rows = Array.from({ length: 60 }, (_, i) => ({
    version: 'v1',
    endpoint: `pod-${i}`,
    slices: i === 59 ? '.._.' : i === 58 ? '.x..' : '....',
  }));
  const lines = section(report({ windows: [windowOf()], timeline: { sliceMs: 100, rows } }), 'Timeline');
  const shown = lines.filter((line) => line.startsWith('v1 / '));
  assert.equal(shown.length, 24);
  assert.deepEqual(
    shown.slice(-3).map((line) => line.split(/ {2,}/)[0]),
    ['v1 / pod-21', 'v1 / pod-58', 'v1 / pod-59'],
  );
  assert.equal(lines.at(-1), 'and 36 more endpoints: see --json');
});

test('marks of the axis stand under the slice of their time, at every length and width', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4_000 }),
      fc.constantFrom(100, 200, 500, 1_000, 12_800),
      fc.integer({ min: 60, max: 200 }),
      (n, sliceMs, columns) => {
        const rows = [{ version: 'v1', endpoint: 'a', slices: '.'.repeat(n) }];
        const [head = '', dots = '', axis = ''] = section(
          report({ windows: [windowOf()], timeline: { sliceMs, rows } }, columns),
          'Timeline',
        );
        const [, each = '', unit] = /· ([\d.]+) (m?s) each$/.exec(head) ?? [];
        const characterMs = Number(each) * (unit === 's' ? 1_000 : 1);
        assert.equal(dots.length - 15, Math.ceil((n * sliceMs) / characterMs));
        const marks = [...axis.matchAll(/\|([\d,.]+) s/g)];
        assert.equal(marks[0]?.[1], '0');
        for (const { index, 1: seconds = '' } of marks) {
          const ms = Number(seconds.replaceAll(',', '')) * 1_000;
          assert.equal(
            index - 15,
            Math.floor(ms / characterMs + 1e-9),
            `${seconds} s at ${index} in\n${axis}`,
          );
        }
      },
    ),
    { seed: 16, numRuns: 80 },
  );
});

test('an everyday run stays as short as it was', () => {
  const before = render({ ...withEjections({}), ejections: null });
  const timeline = issueEjections().timeline;
  assert.equal(report({ timeline, rules: [ruleOf({ checks: [] })] }), before);
});

test('rules: figures, source, and a line per check with its verdict', () => {
  const rules = [
    ruleOf(),
    ruleOf({
      version: 'backend-v1',
      source: '--eject-after 5',
      consecutive5xx: 0,
      consecutiveGatewayErrors: 3,
      intervalMs: 2_500,
      checks: [{ name: 'gateway-errors', verdict: 'fail', figure: 9, bound: [3, 3], text: '9 passed.' }],
    }),
  ];
  assert.deepEqual(section(report({ rules }, 120), 'Ejection rules'), [
    'Ejection rules',
    '- backend-v2: 5 × 5xx in a row, out for 30 s × n, sweeps every 30 s, at most 50 % out (DestinationRule',
    '  istio-test/backend-v2 (destinationrules.yaml, line 34))',
    '  pass          trigger: 2 of 2 windows came after 5 × 5xx in a row.',
    '  pass          duration: 2 of 2 windows lasted as long as the rule says.',
    '  inconclusive  max-ejection-percent: 1 of 2 endpoints was out at once, 1 may be; how many there are is not known from',
    '                the manifests.',
    '- backend-v1: 3 × 502, 503 or 504 in a row, out for 30 s × n, sweeps every 2.5 s, at most 50 % out (--eject-after 5)',
    '  fail          gateway-errors: 9 passed.',
  ]);
  const painted = report({ rules }, 120, true);
  for (const [sgr, word] of [
    ['32', 'pass'],
    ['33', 'inconclusive'],
    ['31', 'fail'],
  ]) {
    assert.ok(painted.includes(`\n  \u001b[1;${sgr}m${word}\u001b[22;39m  `), word);
  }
});

test("the gateway's windows beside the client's, with the differences explained", () => {
  assert.deepEqual(section(render(ejected(), 120), 'Gateway  '), [
    'Gateway        ejected from – to     seen from – to      start Δ ms  end Δ ms',
    'pod-7c9        12.434 s – 46.190 s   12.43 s – 46.2 s            -1       +22',
    '  10.0.3.17:8080, outbound|80||backend-v2.istio-test.svc.cluster.local, event log: Both say the same.',
    'pod-7c9        46.253 s – 108.310 s  47.26 s – 108.33 s      +1,009       +21',
    '  10.0.3.17:8080, outbound|80||backend-v2.istio-test.svc.cluster.local, event log: The gateway merges changes of its',
    '  host set within 1 s: it went on sending to the endpoint until then.',
    "- Its clock minus this machine's: 0 µs (between -600 µs and 1.30 ms).",
    '- outbound|80||backend-v2.istio-test.svc.cluster.local: outlier_detection.ejections_enforced_total × 2',
  ]);
});

test('a gateway that was asked and has nothing to say is shown, with what went wrong', () => {
  const gateway = gatewayOf({ windows: [], unknownAfterMs: 58_240, remarks: ['The log was cut.'] });
  assert.deepEqual(section(report({ gateway }), 'Gateway'), [
    'Gateway: no ejection reported',
    '- The log was cut.',
  ]);
  const ahead = gatewayOf({
    windows: [],
    clockOffsetMs: { estimate: 3700, bounds: [3690, 3710] },
    remarks: ['The clock is ahead.'],
  });
  assert.deepEqual(
    section(report({ gateway: ahead }), 'Gateway'),
    ['Gateway: no ejection reported', '- The clock is ahead.'],
    'said once',
  );
  const unseen = gatewayWindowOf({
    window: null,
    unejectedMs: null,
    differenceMs: { start: null, end: null },
  });
  assert.match(
    report({ gateway: gatewayOf({ windows: [unseen] }) }),
    /^pod-7c9 +12\.434 s – to the end +nothing +- +-$/m,
  );
});

test('several windows of the client within one of the gateway are shown from the first to the last', () => {
  const windows = [
    windowOf({ startMs: 2450, startBoundsMs: [2445, 2455], endMs: 4760, endBoundsMs: [4755, 4765] }),
    windowOf({ startMs: 5700, startBoundsMs: [5695, 5705], endMs: 9750, endBoundsMs: [9745, 9755] }),
  ];
  const both = gatewayWindowOf({ ejectedMs: [2500, 2600], unejectedMs: [9800, 9900], windows: [0, 1] });
  assert.match(report({ windows, gateway: gatewayOf({ windows: [both] }) }), / 2\.45 s – 9\.75 s /);
});

test('the first lines name who was ejected', () => {
  const line = (windows: EjectionsResult['windows']) =>
    /^ +(Ejected|Left|Silent|Out at first): .*$/m.exec(report({ windows }, 160))?.[0].trim();
  const at = (endpoint: string) => windowOf({ version: 'v2', endpoint });
  assert.equal(line([at('a'), at('b'), at('b')]), 'Ejected: v2 / b twice, v2 / a once');
  const five = ['a', 'a', 'a', 'b', 'c', 'd', 'e'].map(at);
  assert.equal(line(five), 'Ejected: v2 / a 3 times, v2 / b once, v2 / c once and 2 more');
  const silent = windowOf({ kind: 'silent', trigger: null, version: 'v1', endpoint: 'z' });
  assert.equal(line([silent]), 'Silent: v1 / z once');
  const joined = windowOf({ kind: 'joined', trigger: null, version: 'v1', endpoint: 'z' });
  assert.equal(line([joined]), 'Out at first: v1 / z once');
  assert.equal(line([at('a'), silent]), 'Ejected: v2 / a once · silent: v1 / z once');
});

/** A result whose rule was broken; its shares as they are. */
function broken(): RunResult {
  const [check] = ruleOf().checks;
  assert.ok(check);
  const fail = { ...check, verdict: 'fail' as const, text: '40 × 5xx in a row and no ejection.' };
  const result = withEjections({ rules: [ruleOf({ checks: [fail] })] });
  const own = {
    name: 'ejections/backend-v2/trigger',
    verdict: 'fail' as const,
    figure: 40,
    bound: [5, 5] as [5, 5],
    interval: null,
    requestsNeeded: null,
    text: 'the ejections of backend-v2 break their rule (trigger)',
  };
  return { ...result, verdict: 'fail', checks: [...result.checks, own] };
}

test('a fail that ejections caused is said in the first lines, and not as one of the split', () => {
  const said = 'Not by the ejection rule of backend-v2: trigger: 40 × 5xx in a row and no ejection.';
  const kept = {
    ...broken(),
    split: { ...(broken().split as NonNullable<RunResult['split']>), verdict: 'pass' as const },
  };
  assert.equal(render(kept, 120).split('\n')[1], `      ${said}`);
  assert.ok(render(kept, 120, true).includes(`\u001b[1;31m      ${said}\u001b[22;39m\n`));
  assert.equal(render({ ...broken(), split: null }, 120).split('\n')[1], `      ${said}`);
});

test('of many broken rules three are named', () => {
  const [check] = ruleOf().checks;
  assert.ok(check);
  const rule = ruleOf({ checks: [{ ...check, verdict: 'fail' }] });
  const text = report({ rules: Array(7).fill(rule) });
  assert.equal(text.match(/Not by the ejection rule of/g)?.length, 3);
  assert.match(text, /^ +And 4 more checks of ejection rules failed\.$/m);
});

test('rules that are kept are said to be, when every check passed; else what is not decided', () => {
  const of = (...verdicts: readonly ('pass' | 'inconclusive')[]) =>
    report(
      {
        rules: [
          ruleOf({
            checks: ruleOf().checks.map((check, i) => ({ ...check, verdict: verdicts[i] ?? 'pass' })),
          }),
        ],
      },
      120,
    );
  assert.match(of(), /^ +Ejections are as the rule says \(3 checks\)\.$/m);
  assert.match(
    of('pass', 'inconclusive'),
    /^ +2 of 3 checks of ejection rules pass; not decided: duration\.$/m,
  );
  assert.match(
    of('inconclusive', 'inconclusive'),
    /^ +1 of 3 checks of ejection rules passes; not decided: trigger, duration\.$/m,
  );
  assert.match(
    of('inconclusive', 'inconclusive', 'inconclusive'),
    /Whether ejections are as the rule says is not decided \(trigger, duration, max-ejection-percent\)\.$/m,
  );
  assert.doesNotMatch(render(broken()), /as the rule says/);
  assert.doesNotMatch(render(everyday()), /as the rule says/);
});
