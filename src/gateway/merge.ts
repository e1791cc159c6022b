/** Merges what several shards of one run saw of the gateway. */

import type {
  AdminWatched,
  EventLog,
  GatewayObservations,
  LogEvent,
  Span,
} from '../blocks/gateway-observations.js';
import { counted } from '../text/numbers.js';

/** A shard's observations, and when its run began, ms on the clock of the merged run. */
export interface ShardObservations {
  readonly gateway: GatewayObservations | null;
  readonly shiftMs: number;
}

/**
 * Merges the observations of shards; null if none has any. Shards that watched the same gateway report the same events, so
 * each event counts once.
 */
export function mergedObservations(shards: readonly ShardObservations[]): GatewayObservations | null {
  const known = shards.flatMap(({ gateway, shiftMs }) => (gateway === null ? [] : [{ gateway, shiftMs }]));
  if (known.length === 0) return null;
  const logs = known.flatMap(({ gateway: { log }, shiftMs }) => (log === null ? [] : [{ log, shiftMs }]));
  const admins = new Map<string, AdminWatched>();
  for (const { gateway, shiftMs } of known) {
    for (const admin of gateway.admins) {
      const before = admins.get(admin.url);
      // The shard that looked more often saw more.
      if (before === undefined || admin.looks > before.looks) admins.set(admin.url, shifted(admin, shiftMs));
    }
  }
  return { log: mergedLog(logs), admins: [...admins.values()] };
}

function mergedLog(logs: readonly { log: EventLog; shiftMs: number }[]): EventLog | null {
  const [first] = logs;
  if (first === undefined) return null;
  const files = [...new Set(logs.map(({ log }) => log.file))];
  const events = new Map<string, LogEvent>();
  for (const { log } of logs) {
    for (const event of log.events) events.set(JSON.stringify(event), event);
  }
  return {
    file: files.length === 1 ? first.log.file : counted(files.length, 'file'),
    events: [...events.values()].sort((a, b) => a.atMs - b.atMs),
    completeUntilMs: Math.max(...logs.map(({ log, shiftMs }) => log.completeUntilMs + shiftMs)),
    remarks: [...new Set(logs.flatMap(({ log }) => log.remarks))],
  };
}

function shifted(admin: AdminWatched, shiftMs: number): AdminWatched {
  const shift = (span: Span | null): Span | null => span && [span[0] + shiftMs, span[1] + shiftMs];
  return {
    ...admin,
    absences: admin.absences.map((absence) => ({
      ...absence,
      ejectedMs: shift(absence.ejectedMs),
      unejectedMs: shift(absence.unejectedMs),
    })),
  };
}
