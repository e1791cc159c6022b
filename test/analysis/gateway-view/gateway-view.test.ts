import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type {
  EjectionsResult,
  EjectionWindow,
  GatewayView,
  GatewayWindow,
} from '../../../src/analysis/ejections/result.js';
import { type ClientSide, withGatewayView } from '../../../src/analysis/gateway-view/gateway-view.js';
import type {
  AdminEjection,
  GatewayObservations,
  LogEvent,
} from '../../../src/blocks/gateway-observations.js';
import { seededRandom } from '../../support/blocks.js';
import {
  adminWatched,
  clientWindow,
  clusterOf,
  ejectionsWith,
  eventLog,
  foundWith,
  logEvent,
  observed,
  STARTED_AT_US,
} from '../../support/gateway-word.js';

const CLIENT: ClientSide = {
  startedAtUs: STARTED_AT_US,
  spanMs: [0, 30_000],
  versions: ['backend-v1', 'backend-v2'],
};

function view(
  windows: readonly EjectionWindow[],
  observations: GatewayObservations,
  ejections: EjectionsResult = ejectionsWith(windows),
): { view: GatewayView; windows: readonly EjectionWindow[]; rows: readonly GatewayWindow[] } {
  const before = structuredClone(ejections);
  const result = withGatewayView(foundWith(ejections), observations, CLIENT);
  assert.deepEqual(ejections, before, 'the fold’s result is left alone');
  assert.deepEqual(
    result.windows.map((window, i) => ({
      ...window,
      source: 'client',
      reported: null,
      kind: window.reported?.settles.includes('kind') ? before.windows[i]?.kind : window.kind,
    })),
    before.windows,
    'nothing that the client saw changes',
  );
  const { gateway } = result;
  assert.ok(gateway !== null);
  return { view: gateway, windows: result.windows, rows: gateway.windows };
}

const ofLog = (events: readonly LogEvent[], more = {}) => observed({ log: eventLog(events, more) });
const out = (from: number, to: number, more: Partial<LogEvent> = {}): LogEvent[] => [
  logEvent(from, 'eject', more),
  logEvent(to, 'uneject', { sinceS: Math.floor((to - from) / 1000), ...more }),
];

test('the same window by both: it is named, its differences are told, and its source says so', () => {
  const { rows, windows, view: gateway } = view([clientWindow(1002, 3005)], ofLog(out(1000, 3000)));
  assert.deepEqual(rows, [
    {
      cluster: clusterOf('backend-v2'),
      address: '10.0.3.17:8080',
      endpoint: 'v2-0',
      ejectedMs: [1000, 1000],
      unejectedMs: [3000, 3000],
      from: 'event-log',
      window: 0,
      windows: [0],
      differenceMs: { start: 2, end: 5 },
      explanation: 'the same',
    },
  ]);
  assert.equal(windows[0]?.source, 'client+gateway');
  assert.deepEqual([gateway.clockOffsetMs?.estimate, gateway.unknownAfterMs, gateway.remarks], [0, null, []]);
});

test('a change that Envoy held back for its merge window is explained, with figures', () => {
  const { rows } = view(
    [clientWindow(1002, 3005), clientWindow(4001, 9002, { sequence: 2 })],
    ofLog([...out(1000, 3000), ...out(3050, 9000)]),
  );
  assert.equal(rows[0]?.explanation, 'the same');
  assert.equal(rows[1]?.window, 1);
  assert.match(
    rows[1]?.explanation as string,
    /^for the client it went out 0\.95 s later: Envoy applies host-set changes/,
  );
  assert.doesNotMatch(rows[1]?.explanation as string, /no other is known/);
});

test('two ejections between which the client was sent nothing are one window of its', () => {
  const { rows } = view([clientWindow(1002, 9005)], ofLog([...out(1000, 3000), ...out(3050, 9000)]));
  assert.deepEqual(
    rows.map(({ window }) => window),
    [0, 0],
  );
  assert.ok(rows.some(({ explanation }) => /one window for both/.test(explanation)));
});

test('a clock that is 3.7 s ahead is found and put right; by how much is said', () => {
  const events = [...out(4700, 6700), ...out(13_700, 17_700)];
  const { rows, view: gateway } = view(
    [clientWindow(1002, 3005), clientWindow(10_001, 14_004)],
    ofLog(events),
  );
  assert.ok(
    Math.abs((gateway.clockOffsetMs?.estimate as number) - 3700) < 20,
    JSON.stringify(gateway.clockOffsetMs),
  );
  const [lo, hi] = gateway.clockOffsetMs?.bounds ?? [0, 0];
  assert.ok(lo <= 3700 && hi >= 3700);
  assert.deepEqual(
    rows.map(({ window, explanation }) => [window, explanation]),
    [
      [0, 'the same'],
      [1, 'the same'],
    ],
  );
  assert.ok(Math.abs((rows[0]?.ejectedMs?.[0] ?? 0) - 1000) < 20);
  assert.match(gateway.remarks.join(), /clock is about 3[67]\d\d ms ahead of/);
});

test('nothing to compare: the log stands as it is, and that the clocks were not compared is said', () => {
  const { rows, view: gateway } = view([], ofLog(out(1000, 3000)));
  assert.equal(gateway.clockOffsetMs, null);
  assert.match(
    gateway.remarks.join(),
    /The offset of the event log's clock is not known, since the client saw no absence/,
  );
  assert.deepEqual([rows[0]?.window, rows[0]?.ejectedMs], [null, [1000, 1000]]);
});

test('why the client did not see it: too short, no endpoints told, merged away, or sent to nevertheless', () => {
  const seen = (shortestMs: number | null, from: number, to: number) =>
    view([], ofLog(out(from, to)), ejectionsWith([], shortestMs)).rows[0]?.explanation as string;
  assert.match(seen(5000, 1000, 3000), /too short, or too little traffic: 2\.00 s, .* from 5\.00 s on/);
  assert.match(seen(null, 1000, 3000), /responses do not name the endpoint/);
  assert.match(seen(100, 1000, 1900), /it ended before Envoy applied it/);
  assert.match(seen(100, 1000, 3000), /went on answering/);
});

test('an ejection shortly before the end need not have taken effect, or not for long enough', () => {
  const unseen = (from: number, spanMs: [number, number], shortestMs = 100) =>
    withGatewayView(foundWith(ejectionsWith([], shortestMs)), ofLog([logEvent(from, 'eject')]), {
      ...CLIENT,
      spanMs,
    }).gateway?.windows[0]?.explanation as string;
  assert.match(unseen(6640, [0, 7300]), /so shortly before the end it may not have taken effect yet/);
  assert.match(unseen(6640, [0, 8000], 400), /so shortly before the end/);
  assert.match(unseen(6640, [0, 8500], 400), /went on answering/);
  assert.match(unseen(6640, [0, 7300], 700), /too short, or too little traffic: 0\.66 s/);
  assert.match(unseen(80, [0, 30_000]), /began so early that too few requests had gone to the endpoint/);
  // What began before the part that is looked at has lasted there for as long as the part.
  assert.match(
    withGatewayView(foundWith(ejectionsWith([], 2000)), ofLog(out(1000, 6000)), {
      ...CLIENT,
      spanMs: [5000, 30_000],
    }).gateway?.windows[0]?.explanation as string,
    /too little traffic: 1\.00 s/,
  );
  assert.match(
    unseen(-3000, [0, 30_000]),
    /out from the beginning, and the endpoint had not answered before/,
  );
});

test('what the client alone saw is counted by reason', () => {
  const windows = [
    clientWindow(1000, 3000, { kind: 'left', endpoint: 'v2-1' }),
    clientWindow(5000, 7000, { kind: 'silent', endpoint: 'v2-1' }),
    clientWindow(8000, 9000, { fraction: 0.5, endpoint: 'v2-1' }),
    clientWindow(25_000, 27_000, { endpoint: 'v2-1' }),
    clientWindow(10_000, 12_000, { endpoint: 'v2-1' }),
  ];
  const { view: gateway, windows: after } = view(windows, ofLog([], { completeUntilMs: 20_000 }));
  const said = gateway.remarks.join('\n');
  assert.match(
    said,
    /1 absence that the client saw is not reported by the gateway: the endpoint could not be reached and left/,
  );
  assert.match(said, /nothing was ejected, so/);
  assert.match(said, /another replica of the gateway ejected it/);
  assert.match(said, /the log may lack lines of that time/);
  assert.match(said, /another gateway or replica ejected it, or/);
  assert.ok(after.every(({ source }) => source === 'client'));
  assert.equal(gateway.unknownAfterMs, 20_000);
  assert.match(said, /After 20\.00 s the event log may lack lines/);
});

test('a line is proof that all before it is written', () => {
  const events = [...out(1000, 3000), logEvent(26_000, 'eject'), logEvent(28_000, 'uneject', { sinceS: 2 })];
  const { view: gateway } = view([clientWindow(1002, 3005)], ofLog(events, { completeUntilMs: 20_000 }));
  assert.ok((gateway.unknownAfterMs as number) > 26_000, `${gateway.unknownAfterMs}`);
  assert.ok((gateway.unknownAfterMs as number) <= 28_000);
});

test('a changed DestinationRule: put back without a line, known from the client', () => {
  const { rows } = view([clientWindow(1002, 6005)], ofLog([logEvent(1000, 'eject')]));
  assert.deepEqual([rows[0]?.window, rows[0]?.unejectedMs], [0, null]);
  assert.match(
    rows[0]?.explanation as string,
    /served again from 6\.0\d s on without a line: a changed DestinationRule/,
  );
  const again = view(
    [clientWindow(1002, 6005)],
    ofLog([logEvent(1000, 'eject'), logEvent(9000, 'eject')]),
  ).rows;
  assert.deepEqual(again[0]?.unejectedMs, [1000, 9000]);
  assert.match(again[0]?.explanation as string, /no line says that it was put back/);
  const tail = view(
    [clientWindow(21_002, 26_005)],
    ofLog([logEvent(21_000, 'eject')], { completeUntilMs: 22_000 }),
  ).rows;
  assert.match(tail[0]?.explanation as string, /served again from 26\.0\d s on, after what is in the log/);
});

test('before, after and around the run', () => {
  const events = [
    ...out(-9000, -5000),
    ...out(-3000, 2000, { address: '10.0.3.18:8080' }),
    ...out(29_000, 45_000, { address: '10.0.3.19:8080' }),
    ...out(40_000, 50_000),
  ];
  const { rows } = view(
    [
      clientWindow(null, 2003, { kind: 'joined', endpoint: 'v2-1' }),
      clientWindow(29_001, null, { endpoint: 'v2-2' }),
    ],
    ofLog(events),
  );
  assert.deepEqual(
    rows.map(({ address, endpoint, ejectedMs, unejectedMs, window }) => [
      address,
      endpoint,
      ejectedMs,
      unejectedMs,
      window,
    ]),
    [
      ['10.0.3.18:8080', 'v2-1', null, [2000, 2000], 0],
      ['10.0.3.19:8080', 'v2-2', [29_000, 29_000], null, 1],
    ],
  );
});

test('addresses: equal where responses tell them, else learned from times, one name for each', () => {
  const events = [
    ...out(1000, 3000, { address: '10.0.3.17:8080' }),
    ...out(1400, 8000, { address: '10.0.3.18:8080' }),
    ...out(11_000, 15_000, { address: '10.0.3.17:8080' }),
  ];
  const named = (first: string, second: string) => [
    clientWindow(1001, 3002, { endpoint: first }),
    clientWindow(1402, 8001, { endpoint: second }),
    clientWindow(11_002, 15_001, { endpoint: first }),
  ];
  const learned = view(named('pod-a', 'pod-b'), ofLog(events));
  assert.deepEqual(
    learned.rows.map(({ endpoint, window }) => [endpoint, window]),
    [
      ['pod-a', 0],
      ['pod-b', 1],
      ['pod-a', 2],
    ],
  );
  for (const [first, second] of [
    ['10.0.3.17:8080', '10.0.3.18:8080'],
    ['10.0.3.17', '10.0.3.18'],
  ] as const) {
    assert.deepEqual(
      view(named(first, second), ofLog(events)).rows.map(({ endpoint, window }) => [endpoint, window]),
      [
        [first, 0],
        [second, 1],
        [first, 2],
      ],
    );
  }
  // A label that is another address is another endpoint, however well the times fit.
  const other = view([clientWindow(1001, 3002, { endpoint: '10.0.3.99:8080' })], ofLog(events));
  assert.ok(other.rows.every(({ window }) => window === null));
});

test('two endpoints out at the very same times: which is which is not claimed', () => {
  const events = [...out(1000, 3000), ...out(1000, 3000, { address: '10.0.3.18:8080' })];
  const { rows } = view(
    [clientWindow(1001, 3001, { endpoint: 'pod-a' }), clientWindow(1001, 3001, { endpoint: 'pod-b' })],
    ofLog(events),
  );
  assert.deepEqual(new Set(rows.map(({ window }) => window)), new Set([0, 1]));
  assert.ok(
    rows.some(
      ({ endpoint, explanation }) => endpoint === null && /times alone do not show/.test(explanation),
    ),
  );
});

test('clusters that are no version of the run are left out with a word', () => {
  const foreign = { cluster: clusterOf('payments') };
  const { rows, view: gateway } = view(
    [clientWindow(1002, 3005)],
    ofLog([...out(1000, 3000), ...out(2000, 4000, foreign)]),
  );
  assert.equal(rows.length, 1);
  assert.match(gateway.remarks.join(), /1 ejection in outbound\|80\|\|payments.* left out/);
});

test('a window of one version is never that of another', () => {
  const { rows } = view(
    [clientWindow(1002, 3005, { version: 'backend-v1' })],
    ofLog([...out(1000, 3000), ...out(9000, 9500, { cluster: clusterOf('backend-v1') })]),
  );
  assert.ok(rows.every(({ window }) => window === null));
});

const looked = (
  ejectedMs: [number, number] | null,
  unejectedMs: [number, number] | null,
  more = {},
): AdminEjection => ({
  cluster: clusterOf('backend-v2'),
  address: '10.0.3.17:8080',
  ejectedMs,
  unejectedMs,
  gone: false,
  ...more,
});

test('log and admin interface tell one absence once, and the interface knows an end that the log has not', () => {
  const both = observed({
    log: eventLog([...out(1000, 3000), logEvent(9000, 'eject')], { completeUntilMs: 10_000 }),
    admins: [
      adminWatched({ absences: [looked([800, 1060], [2800, 3060]), looked([8900, 9160], [12_900, 13_150])] }),
    ],
  });
  const { rows } = view([clientWindow(1002, 3005), clientWindow(9001, 13_006)], both);
  assert.deepEqual(
    rows.map(({ from, window, unejectedMs }) => [from, window, unejectedMs]),
    [
      ['event-log', 0, [3000, 3000]],
      ['event-log', 1, [12_900, 13_150]],
    ],
  );
});

test('an end that lies before an absence began is not its end', () => {
  const events = [...out(1000, 4000), logEvent(4130, 'eject')];
  const first = looked([900, 1150], [3860, 4116]);
  for (const second of [
    looked([4116, 4372], null),
    looked([3860, 4200], null),
    looked([4116, 4372], [9000, 9250]),
  ]) {
    const { rows } = view(
      [clientWindow(1002, 4005), clientWindow(5001, second.unejectedMs === null ? null : 9100)],
      observed({ log: eventLog(events), admins: [adminWatched({ absences: [first, second] })] }),
    );
    assert.deepEqual(
      rows.map(({ from, window, ejectedMs, unejectedMs }) => [from, window, ejectedMs, unejectedMs]),
      [
        ['event-log', 0, [1000, 1000], [4000, 4000]],
        ['event-log', 1, [4130, 4130], second.unejectedMs],
      ],
    );
  }
});

test('random absences by log and interface: none ends before it began, and none is told twice', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e9 }), fc.boolean(), (seed, isOpen) => {
      const random = seededRandom(seed);
      const truth: [number, number][] = [];
      for (let at = 500 + random() * 2000; at < 25_000; at += 20 + random() * 3000) {
        const from = at;
        at += 1000 + random() * 4000;
        truth.push([from, at]);
      }
      const events = truth.flatMap(([from, to]) => out(from, to));
      const lookAfter = (ms: number) => Math.ceil(ms / 250) * 250;
      const absences: AdminEjection[] = [];
      for (const [from, to] of truth) {
        const last = absences.at(-1);
        const span: [number, number] = [lookAfter(to) - 250, lookAfter(to)];
        if (last !== undefined && (last.unejectedMs?.[1] as number) >= lookAfter(from))
          absences[absences.length - 1] = { ...last, unejectedMs: span };
        else absences.push(looked([lookAfter(from) - 250, lookAfter(from)], span));
      }
      const { rows } = view(
        [],
        observed({
          log: eventLog(isOpen ? events.slice(0, -1) : events),
          admins: [adminWatched({ absences })],
        }),
      );
      assert.deepEqual([rows.length, new Set(rows.map(({ from }) => from)).size], [truth.length, 1]);
      for (const { ejectedMs, unejectedMs } of rows) {
        if (unejectedMs !== null)
          assert.ok(unejectedMs[0] >= (ejectedMs?.[1] ?? 0), `${ejectedMs} ${unejectedMs}`);
      }
    }),
    { seed: 7, numRuns: 200 },
  );
});

test('a log without its tail on the same machine: its clock is not said to differ', () => {
  const events = [...out(1300, 3600), logEvent(3650, 'eject')];
  const { view: gateway, rows } = view(
    [clientWindow(1302, 3610), clientWindow(4650, 8590)],
    observed({
      log: eventLog(events, { completeUntilMs: 0 }),
      admins: [adminWatched({ absences: [looked([1100, 1360], [8400, 8660])] })],
    }),
  );
  assert.equal(gateway.clockOffsetMs?.estimate, 0);
  assert.ok((gateway.unknownAfterMs as number) > 3000 && (gateway.unknownAfterMs as number) <= 3650);
  assert.ok(rows.every(({ explanation }) => !/another replica|DestinationRule/.test(explanation)));
});

test('an ejection whose end is cut off the log is that of the window that began with it', () => {
  const windows = [clientWindow(3600, 7500), clientWindow(8580, null)];
  const { rows, view: gateway } = view(windows, ofLog([logEvent(2600, 'eject')], { completeUntilMs: 0 }));
  assert.deepEqual(
    rows.map((row) => row.windows),
    [[0]],
  );
  assert.match(
    rows[0]?.explanation as string,
    /^for the client it went out 1\.00 s later: .*; it served again from 7\.50 s on, after what is in the log$/,
  );
  assert.match(
    gateway.remarks.join('\n'),
    /1 absence that the client saw .* the log may lack lines of that time/,
  );
});

test('an interface alone: between two looks it may have been back', () => {
  const {
    rows,
    windows,
    view: gateway,
  } = view(
    [clientWindow(1002, 3005), clientWindow(3900, 9006)],
    observed({ admins: [adminWatched({ absences: [looked([800, 1060], [8800, 9060])] })] }),
  );
  assert.deepEqual([rows.length, rows[0]?.from, rows[0]?.window], [1, 'admin', 0]);
  assert.deepEqual(rows[0]?.windows, [0, 1], 'the differences are of the first start and the last end');
  assert.match(rows[0]?.explanation as string, /back once between two looks/);
  assert.ok(windows.every(({ source }) => source === 'client+gateway'));
  assert.deepEqual([gateway.clockOffsetMs, gateway.unknownAfterMs], [null, null]);
});

test('an interface and a log of clocks that differ: the interface’s times count as the run’s', () => {
  const shifted = observed({
    log: eventLog([...out(6000, 8000), ...out(13_000, 17_000)]),
    admins: [
      adminWatched({ absences: [looked([800, 1060], [2800, 3060]), looked([7900, 8150], [11_900, 12_150])] }),
    ],
  });
  const { view: gateway, rows } = view([], shifted);
  assert.ok(
    Math.abs((gateway.clockOffsetMs?.estimate as number) - 5000) < 150,
    JSON.stringify(gateway.clockOffsetMs),
  );
  assert.equal(rows.length, 2);
});

test('several replicas each have their own, and say whose it is', () => {
  const {
    rows,
    windows,
    view: gateway,
  } = view(
    [clientWindow(1002, 3005, { fraction: 0.5 })],
    observed({
      admins: [
        adminWatched({
          url: 'http://a:15000',
          absences: [looked([800, 1060], [2800, 3060])],
          counters: { c: { 'outlier_detection.ejections_overflow': 1 } },
        }),
        adminWatched({
          url: 'http://b:15000',
          counters: { c: { 'outlier_detection.ejections_overflow': 2 } },
        }),
      ],
    }),
  );
  assert.match(
    rows[0]?.explanation as string,
    /^by http:\/\/a:15000; .*the client lost 50 % of its traffic: other replicas/,
  );
  assert.equal(windows[0]?.source, 'client+gateway');
  assert.deepEqual(gateway.counters, { c: { 'outlier_detection.ejections_overflow': 3 } });
});

test('an interface that reported nothing claims nothing about what the client saw', () => {
  const { view: gateway } = view(
    [clientWindow(1000, 3000)],
    observed({ admins: [adminWatched({ looks: 0, remarks: ['The admin interface reported nothing.'] })] }),
  );
  assert.deepEqual(gateway.remarks, ['The admin interface reported nothing.']);
});

test('random schedules: each of the log’s windows finds its own, whatever the clocks and the merging', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e9 }),
      fc.integer({ min: -60_000, max: 60_000 }),
      (seed, offset) => {
        const random = seededRandom(seed);
        const events: LogEvent[] = [];
        const windows: EjectionWindow[] = [];
        const truth: [string, number][] = [];
        for (const pod of [0, 1, 2]) {
          for (let at = 500 + random() * 2000; at < 25_000; at += 2500 + random() * 5000) {
            const to = at + 1200 + random() * 1000;
            const address = `10.0.3.${pod}:8080`;
            events.push(...out(at + offset, to + offset, { address }));
            truth.push([address, windows.length]);
            const late = () => (random() < 0.2 ? random() * 900 : random() * 5);
            windows.push(clientWindow(at + late(), to + late(), { endpoint: address }));
          }
        }
        const { rows, view: gateway } = view(windows, ofLog(events));
        assert.ok(gateway.clockOffsetMs !== null);
        assert.equal(rows.length, truth.length);
        const found = new Map(rows.map(({ address, window }) => [`${address} ${window}`, true]));
        for (const [address, window] of truth)
          assert.ok(found.has(`${address} ${window}`), `${seed} ${offset} ${address} ${window}`);
      },
    ),
    { seed: 9, numRuns: 150 },
  );
});
