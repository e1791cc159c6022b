/** A gateway's word for tests: lines of an event log, windows of a client, observations. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { FoundEjections } from '../../src/analysis/ejections/ejections-result.js';
import type { EjectionsResult, EjectionWindow } from '../../src/analysis/ejections/result.js';
import { compareWithRules } from '../../src/analysis/ejections/rules/compare-with-rules.js';
import type {
  AdminWatched,
  EventLog,
  GatewayObservations,
  LogEvent,
} from '../../src/blocks/gateway-observations.js';
import type { EjectionRule } from '../../src/plan/plan.js';

/** When made-up runs began. */
export const STARTED_AT_MS = Date.UTC(2026, 2, 1, 12);
export const STARTED_AT_US = STARTED_AT_MS * 1000;

/** `outbound|80||backend-v2.istio-test.svc.cluster.local` */
export function clusterOf(service: string, subset = ''): string {
  return `outbound|80|${subset}|${service}.istio-test.svc.cluster.local`;
}

interface LineFields {
  readonly action?: 'EJECT' | 'UNEJECT';
  readonly enforced?: boolean;
  readonly cluster?: string;
  readonly address?: string;
  readonly since?: number;
  readonly type?: string;
}

/** A line as Envoy 1.40 writes it, `atMs` after the run began. */
export function logLine(atMs: number, fields: LineFields = {}): string {
  const { action = 'EJECT', address = '10.0.3.17:8080', type = 'CONSECUTIVE_5XX', since } = fields;
  return JSON.stringify({
    type,
    timestamp: new Date(STARTED_AT_MS + atMs).toISOString(),
    ...(since === undefined ? {} : { secs_since_last_action: String(since) }),
    cluster_name: fields.cluster ?? clusterOf('backend-v2'),
    upstream_url: address,
    action,
    num_ejections: 1,
    enforced: fields.enforced ?? action === 'EJECT',
    ...(action === 'EJECT' ? { eject_consecutive_event: {} } : {}),
  });
}

/** A file with this text, removed after the test. */
export function logFile(t: TestContext, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'weighbridge-log-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'events.log');
  writeFileSync(file, text);
  return file;
}

export function logEvent(atMs: number, action: LogEvent['action'], more: Partial<LogEvent> = {}): LogEvent {
  return {
    atMs: STARTED_AT_MS + atMs,
    cluster: clusterOf('backend-v2'),
    address: '10.0.3.17:8080',
    action,
    type: 'CONSECUTIVE_5XX',
    sinceS: null,
    ...more,
  };
}

/** A window that the client saw; bounds 10 ms around its times. */
export function clientWindow(
  startMs: number | null,
  endMs: number | null,
  more: Partial<EjectionWindow> = {},
): EjectionWindow {
  return {
    version: 'backend-v2',
    endpoint: 'v2-0',
    kind: 'ejected',
    startMs,
    startBoundsMs: startMs === null ? [null, 0] : [startMs - 10, startMs + 10],
    endMs,
    endBoundsMs: endMs === null ? [30_000, null] : [endMs - 10, endMs + 10],
    durationMs: startMs === null || endMs === null ? null : endMs - startMs,
    trigger: null,
    errorsBefore: {},
    leaked: null,
    leakedForMs: null,
    sequence: 1,
    sequenceBounds: [1, 1],
    outAtOnce: { out: 1, of: 2 },
    fraction: 1,
    expectedDurationMs: null,
    verdict: null,
    source: 'client',
    reported: null,
    ...more,
  };
}

export function ejectionsWith(
  windows: readonly EjectionWindow[],
  shortestMs: number | null = 100,
): EjectionsResult {
  return {
    windows: [...windows],
    episodes: [],
    visibility: ['backend-v1', 'backend-v2'].map((version) => ({
      version,
      endpoints: 2,
      withoutEndpoint: 0,
      shortestMs,
      ratePerSecondNeeded: null,
    })),
    rules: [],
    timeline: { sliceMs: 100, rows: [] },
    gateway: null,
    remarks: [],
  };
}

/** What a fold hands over: these ejections, and windows compared with a rule for the endpoints of backend-v2. */
export function foundWith(ejections: EjectionsResult, rules: readonly EjectionRule[] = []): FoundEjections {
  const endpointsSeen = new Map([['backend-v2', 2]]);
  return {
    result: ejections,
    compare: (windows) =>
      rules.length === 0
        ? { windows: [...windows], rules: [] }
        : compareWithRules({ windows, streaks: [], endpointsSeen, rules }),
  };
}

export function eventLog(events: readonly LogEvent[], more: Partial<EventLog> = {}): EventLog {
  return { file: 'events.log', events, completeUntilMs: 30_000, remarks: [], ...more };
}

export function adminWatched(more: Partial<AdminWatched> = {}): AdminWatched {
  return { url: 'http://localhost:15000', looks: 100, absences: [], counters: null, remarks: [], ...more };
}

export function observed(more: Partial<GatewayObservations> = {}): GatewayObservations {
  return { log: null, admins: [], ...more };
}
