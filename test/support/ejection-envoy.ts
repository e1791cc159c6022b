/** A run against a real Envoy that ejects: compares the windows found with the event log and the backends' records. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { EjectionWindow } from '../../src/analysis/ejections/result.js';
import type { RunResult } from '../../src/analysis/result.js';
import { monotonicUs } from '../../src/blocks/clock.js';
import { fromRfc3339, wallClockUs } from '../../src/blocks/wall-clock.js';
import { startLab } from '../../src/lab/lab.js';
import { run } from '../../src/run.js';
import type { EjectionCase } from './ejection-cases.js';
import { planOf } from './envoy-lab.js';
import { effectiveWindows, type LoggedWindow, type MaxLate, readEventLog } from './event-log.js';
import { readManifestTexts } from './manifests.js';

const CLUSTER = 'outbound|80||backend-v2.istio-test.svc.cluster.local';
/** Envoy writes its log every 200 ms here. */
const FLUSHED_MS = 700;
/** The log has whole milliseconds, and Envoy writes a line after it has told its workers. */
const GRAIN_MS = 2;
/** A window must be found when an endpoint that is there would be missed with less than this chance. */
const CHANCE = 1e-6;
/** … with this part of an even share. */
const SHARE_AT_LEAST = 0.8;

/** A window of the log, with what is known of it. */
export interface JudgedWindow extends LoggedWindow {
  readonly pod: string;
  /** Requests that arrived at the version's other pods meanwhile. */
  readonly elsewhere: number;
  readonly enough: boolean;
  readonly found: EjectionWindow | null;
  /** Client's endMs minus the first arrival at the pod after the window; null when it did not come back. */
  readonly endOffMs: number | null;
  /** Widths of the bounds in mean times between the pod's requests while it was in rotation. */
  readonly startWidth: number | null;
  readonly endWidth: number | null;
}

export interface EjectionRun {
  readonly drawn: EjectionCase;
  readonly result: RunResult;
  readonly windows: readonly JudgedWindow[];
  /** What is not as it should be, each in a line. */
  readonly wrong: readonly string[];
  /** The longest that this process was kept from its work, ms: arrivals are late by it. */
  readonly heldUpMs: number;
}

/**
 * @param toleranceMs by how much times may lie outside their bounds, and endMs may differ from the backend's record
 * @param maxLate as in {@link effectiveWindows}
 */
export async function runCase(
  drawn: EjectionCase,
  toleranceMs = { bounds: GRAIN_MS, end: 25 },
  maxLate?: MaxLate,
): Promise<EjectionRun> {
  const folder = mkdtempSync(join(tmpdir(), 'weighbridge-ejections-'));
  const outlierLogPath = join(folder, 'events.json');
  const arrivalsUs = new Map<string, number[]>();
  const lab = await startLab({
    manifests: await readManifestTexts(...drawn.manifests),
    seed: drawn.seed,
    envoy: { path: null },
    tellEndpoint: true,
    outlierLogPath,
    onArrival: (pod, atUs) => {
      const known = arrivalsUs.get(pod);
      if (known === undefined) arrivalsUs.set(pod, [atUs]);
      else known.push(atUs);
    },
  });
  const heldUp = monitorEventLoopDelay({ resolution: 5 });
  try {
    const flags = {
      rate: String(drawn.ratePerSecond),
      duration: `${drawn.durationMs}ms`,
      'endpoint-from': 'header:x-pod',
    };
    const plan = await planOf(lab.urls.http, drawn.manifests, flags);
    let set = false;
    heldUp.enable();
    const result = await run(plan, {
      onProgress: () => {
        // The first answers are in: the load runs.
        if (!set) for (const fault of drawn.faults) lab.setFault(fault);
        set = true;
      },
    });
    heldUp.disable();
    const toRunMs = (wallClockUs() - monotonicUs() - fromRfc3339(result.startedAt)) / 1000;
    const arrivalsMs = new Map(
      [...arrivalsUs].map(([pod, us]) => [pod, us.map((at) => at / 1000 + toRunMs)]),
    );
    await delay(FLUSHED_MS);
    const events = readEventLog(outlierLogPath, CLUSTER, fromRfc3339(result.startedAt) / 1000);
    const pods = new Map(
      lab.topology.services
        .flatMap((service) => service.pods)
        .map(({ name, address, port }) => [`${address}:${port}`, name]),
    );
    const arrivalsAt = (address: string) => arrivalsMs.get(pods.get(address) ?? '') ?? [];
    const logged = effectiveWindows(events, arrivalsAt, maxLate).filter(
      ({ outMs }) => outMs < drawn.durationMs,
    );
    const found = result.ejections?.windows ?? [];
    const matched = new Set<EjectionWindow>();
    const windows = logged.map((window) => {
      const pod = pods.get(window.address) ?? window.address;
      const own = logged.filter(({ address }) => address === window.address);
      const judged = judge(drawn, window, own, pod, arrivalsMs, found);
      if (judged.found !== null) matched.add(judged.found);
      return judged;
    });
    const wrong = [
      ...windows.flatMap((window) => complaints(window, drawn, toleranceMs)),
      ...found.flatMap((window) => (matched.has(window) ? [] : [`invented: ${told(window)}`])),
    ];
    return { drawn, result, windows, wrong, heldUpMs: heldUp.max / 1e6 };
  } finally {
    await lab.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function judge(
  { endpoints, durationMs }: EjectionCase,
  window: LoggedWindow,
  own: readonly LoggedWindow[],
  pod: string,
  arrivalsMs: ReadonlyMap<string, readonly number[]>,
  found: readonly EjectionWindow[],
): JudgedWindow {
  const { outMs, backMs } = window;
  const untilMs = Math.min(backMs ?? durationMs, durationMs);
  const others = [...arrivalsMs].filter(([name]) => name.startsWith('v2-') && name !== pod);
  const elsewhere = others
    .flatMap(([, atMs]) => atMs)
    .filter((atMs) => atMs > outMs + GRAIN_MS && atMs < untilMs - GRAIN_MS).length;
  const seen = found.find(({ version, endpoint, startBoundsMs, endBoundsMs }) => {
    if (version !== 'backend-v2' || endpoint !== pod) return false;
    const fromMs = startBoundsMs[0] ?? Number.NEGATIVE_INFINITY;
    const toMs = endBoundsMs[1] ?? Number.POSITIVE_INFINITY;
    return outMs <= toMs + GRAIN_MS && (backMs ?? Number.POSITIVE_INFINITY) >= fromMs - GRAIN_MS;
  });
  const ownArrivals = arrivalsMs.get(pod) ?? [];
  const first = backMs === null ? undefined : ownArrivals.find((atMs) => atMs >= backMs - 5);
  const awayMs = own.reduce(
    (sum, each) => sum + Math.min(each.backMs ?? durationMs, durationMs) - each.outMs,
    0,
  );
  const meanMs = (durationMs - awayMs) / Math.max(1, ownArrivals.length);
  const width = (pair: readonly [number | null, number | null] | undefined): number | null => {
    const [lo, hi] = pair ?? [null, null];
    return lo === null || hi === null ? null : (hi - lo) / meanMs;
  };
  return {
    ...window,
    pod,
    elsewhere,
    enough: elsewhere * Math.log1p(-SHARE_AT_LEAST / endpoints) < Math.log(CHANCE),
    found: seen ?? null,
    endOffMs: seen?.endMs == null || first === undefined ? null : seen.endMs - first,
    startWidth: width(seen?.startBoundsMs),
    endWidth: width(seen?.endBoundsMs),
  };
}

function complaints(
  window: JudgedWindow,
  { durationMs }: EjectionCase,
  tolerance: { readonly bounds: number; readonly end: number },
): string[] {
  const { pod, outMs, backMs, found, enough, elsewhere, endOffMs } = window;
  const times = `${pod} out ${ms(outMs)} to ${ms(backMs)}`;
  if (found === null) return enough ? [`missed: ${times}, ${elsewhere} requests went elsewhere`] : [];
  const lines: string[] = [];
  const outside = (atMs: number, [lo, hi]: readonly [number | null, number | null]) =>
    (lo !== null && atMs < lo - tolerance.bounds) || (hi !== null && atMs > hi + tolerance.bounds);
  if (outside(outMs, found.startBoundsMs)) lines.push(`start: ${times}, not in the bounds of ${told(found)}`);
  // What came back after the last request was sent could not be seen.
  const cameBack = backMs !== null && (backMs < durationMs || found.endMs !== null);
  if (cameBack && outside(backMs, found.endBoundsMs)) {
    lines.push(`end: ${times}, not in the bounds of ${told(found)}`);
  }
  if (endOffMs !== null && Math.abs(endOffMs) > tolerance.end) {
    lines.push(`endMs: ${endOffMs.toFixed(1)} ms beside the first arrival: ${times}, ${told(found)}`);
  }
  return lines;
}

function told({
  version,
  endpoint,
  kind,
  startMs,
  endMs,
  startBoundsMs,
  endBoundsMs,
}: EjectionWindow): string {
  const pair = ([lo, hi]: readonly [number | null, number | null]) => `[${ms(lo)}, ${ms(hi)}]`;
  return `${version} ${endpoint} ${kind} ${ms(startMs)} ${pair(startBoundsMs)} to ${ms(endMs)} ${pair(endBoundsMs)}`;
}

function ms(value: number | null): string {
  return value === null || !Number.isFinite(value) ? '-' : `${value.toFixed(1)} ms`;
}
