/** What the gateway's word decides of the client's windows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EjectionWindow } from '../../../src/analysis/ejections/result.js';
import { withGatewayView } from '../../../src/analysis/gateway-view/gateway-view.js';
import type {
  AdminEjection,
  GatewayObservations,
  LogEvent,
} from '../../../src/blocks/gateway-observations.js';
import { ruleWith } from '../../support/ejection-rule.js';
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

const RULE = ruleWith({ version: 'backend-v2', endpoints: 2 });

function settled(windows: readonly EjectionWindow[], observations: GatewayObservations) {
  const result = withGatewayView(foundWith(ejectionsWith(windows), [RULE]), observations, {
    startedAtUs: STARTED_AT_US,
    spanMs: [0, 90_000],
    versions: ['backend-v1', 'backend-v2'],
  });
  const duration = result.rules[0]?.checks.find(({ name }) => name === 'duration');
  return { windows: result.windows, duration };
}

const logged = (events: readonly LogEvent[]) =>
  observed({ log: eventLog(events, { completeUntilMs: 90_000 }) });
const out = (from: number, to: number, more: Partial<LogEvent> = {}): LogEvent[] => [
  logEvent(from, 'eject', more),
  logEvent(to, 'uneject', { sinceS: Math.floor((to - from) / 1000), ...more }),
];
/** Out after failed connections, as the client sees it: no 5xx named the endpoint. */
const left = (startMs: number, endMs: number, more: Partial<EjectionWindow> = {}) =>
  clientWindow(startMs, endMs, { kind: 'left', ...more });

test('an endpoint that was ejected for failed connections is called ejected, as the log says', () => {
  const { windows, duration } = settled([left(5002, 43_005)], logged(out(5000, 43_000)));
  assert.equal(windows[0]?.kind, 'ejected');
  assert.equal(windows[0]?.source, 'client+gateway');
  assert.deepEqual(windows[0]?.reported, {
    from: 'event-log',
    type: 'CONSECUTIVE_5XX',
    durationMs: [38_000, 38_000],
    settles: ['kind'],
  });
  assert.equal(windows[0]?.trigger, null);
  assert.equal(windows[0]?.verdict, 'pass');
  assert.equal(duration?.verdict, 'pass');
});

test('a length that the client bounds leave open is decided by the log, and the text says so', () => {
  const vague = { startBoundsMs: [5000, 9000], endBoundsMs: [30_000, 43_005] } as const;
  const window = left(5002, 43_005, { ...vague, startBoundsMs: [5000, 9000], endBoundsMs: [30_000, 43_005] });
  const alone = settled([{ ...window, kind: 'ejected' }], observed({ log: eventLog([]) }));
  assert.equal(alone.windows[0]?.verdict, 'inconclusive');
  assert.match(alone.duration?.text ?? '', /not known exactly enough\.$/);
  const { windows, duration } = settled([window], logged(out(5000, 43_000)));
  assert.equal(windows[0]?.verdict, 'pass');
  assert.deepEqual(windows[0]?.reported?.settles, ['kind', 'verdict']);
  assert.match(
    duration?.text ?? '',
    /^1 window: as long as the rule says\. .* not known exactly enough, so the gateway's event log decides: 38 s\.$/,
  );
  const short = settled([window], logged(out(5000, 31_000))).windows[0];
  assert.equal(short?.verdict, 'fail', 'the log has no doubt of 26 s where 30 s are the least');
});

test('an admin interface settles it too, within its looks', () => {
  const absence: AdminEjection = {
    cluster: clusterOf('backend-v2'),
    address: '10.0.3.17:8080',
    ejectedMs: [4800, 5050],
    unejectedMs: [42_800, 43_050],
    gone: false,
  };
  const { windows } = settled(
    [left(5002, 43_005)],
    observed({ admins: [adminWatched({ absences: [absence] })] }),
  );
  assert.equal(windows[0]?.kind, 'ejected');
  assert.deepEqual(windows[0]?.reported?.durationMs, [37_750, 38_250]);
  assert.equal(windows[0]?.reported?.type, null);
});

test('what is not certainly the same settles nothing', () => {
  const two = [left(5002, 43_005), left(5004, 43_007, { endpoint: 'v2-1' })];
  const which = settled(two, logged(out(5000, 43_000)));
  assert.deepEqual(
    which.windows.map(({ kind, reported }) => [kind, reported]),
    [
      ['left', null],
      ['left', null],
    ],
    'two endpoints fit the address',
  );
  const later = settled([left(5002, 43_005)], logged(out(20_000, 43_000)));
  assert.equal(later.windows[0]?.kind, 'left', 'it was out long before the gateway ejected it');
  const shared = settled([left(5002, 80_005)], logged([...out(5000, 43_000), ...out(43_050, 80_000)]));
  assert.equal(shared.windows[0]?.reported, null, 'two ejections in one window');
  const gone: AdminEjection = {
    cluster: clusterOf('backend-v2'),
    address: '10.0.3.17:8080',
    ejectedMs: [4800, 5050],
    unejectedMs: [42_800, 43_050],
    gone: true,
  };
  const removed = settled([left(5002, 43_005)], observed({ admins: [adminWatched({ absences: [gone] })] }));
  assert.equal(removed.windows[0]?.reported?.durationMs, null, 'removed, not put back');
});
