/** The ejection analysis over simulated blocks, and what of it is not as it should be. */
import { EjectionFold } from '../../../src/analysis/ejections/ejection-fold.js';
import type { EjectionsResult, EjectionWindow } from '../../../src/analysis/ejections/result.js';
import { VersionSlots } from '../../../src/analysis/version-slots.js';
import { outcomeCode } from '../../../src/blocks/outcome.js';
import type { EjectionRule } from '../../../src/plan/plan.js';
import type { TrueAbsence } from './gateway.js';
import type { SimSetup, SimVersion } from './setup.js';
import type { Simulated } from './simulate.js';

/** What the analysis says of a simulated run. `rules`: those of the setup, or none. */
export function ejectionsOf(
  { setup, labels, blocks }: Simulated,
  rules: 'known' | 'unknown',
): EjectionsResult {
  const names = setup.versions.map(({ name }) => name);
  const slots = new VersionSlots(labels.versions, (label) => label, names);
  const known = rules === 'known' ? setup.versions.flatMap(ejectionRule) : [];
  const fold = new EjectionFold({ labels, rules: known, timeoutMs: setup.timeoutMs }, slots);
  for (const block of blocks) fold.add(block, 0);
  return fold.result();
}

function ejectionRule({ name, rule, endpoints }: SimVersion): EjectionRule[] {
  if (rule === null) return [];
  return [
    {
      version: name,
      scope: 'version',
      source: 'the simulation',
      consecutive5xx: rule.consecutive5xxErrors,
      errorCodes: rule.errorCodes,
      consecutiveGatewayErrors: rule.consecutiveGatewayErrors,
      consecutiveLocalOriginFailures: rule.consecutiveLocalOriginFailures,
      intervalMs: rule.intervalMs,
      baseEjectionTimeMs: rule.baseEjectionTimeMs,
      maxEjectionPercent: rule.maxEjectionPercent,
      alwaysEjectsOne: false,
      minHealthPercent: rule.minHealthPercent,
      endpoints: endpoints.length,
      asked: false,
    },
  ];
}

/** An absence with what its traffic could tell of it. */
export interface JudgedAbsence extends TrueAbsence {
  /** Requests of the version, sent while it surely was out, that went to other endpoints; with no doubt between them. */
  readonly missed: number;
  /** Whether those are so many that it must be found. */
  readonly enough: boolean;
}

const NO_HEALTHY = outcomeCode('no-healthy-upstream');
/** Chance that an endpoint that is there is missed: less than the analysis asks for, also where no 5xx tell when to look. */
const SURE = 1e-12;
/** Of its share: the analysis has to estimate it. */
const SHARE_AT_LEAST = 0.8;
/** From the sending to the gateway, and from handing over to using it, at most. */
const SLACK_MS = 1;

/**
 * Says of each true absence whether it must be found: it is so when so many of the version's requests would all miss an
 * endpoint that is there, with four fifths of the share it had until then, with a chance below 1e-12. For one replica.
 */
export function judged(run: Simulated): JudgedAbsence[] {
  const { setup, labels } = run;
  const doubts: number[] = [];
  const sends = new Map<string, { sendMs: number; endpoint: string }[]>(
    setup.versions.map(({ name }) => [name, []]),
  );
  for (const block of run.blocks) {
    for (let i = 0; i < block.length; i++) {
      const version = labels.versions[block.version[i] as number];
      const endpoint = labels.endpoints[block.endpoint[i] as number];
      const sendMs = (block.sendUs[i] as number) / 1000;
      if (version !== undefined && endpoint !== undefined) sends.get(version)?.push({ sendMs, endpoint });
      else if (block.outcome[i] !== NO_HEALTHY) doubts.push(sendMs);
    }
  }
  doubts.sort((a, b) => a - b);
  const absences = unserved(run);
  return absences.map((absence) => {
    const rows = sends.get(absence.version) ?? [];
    const own = absences.filter(
      ({ version, endpoint }) => version === absence.version && endpoint === absence.endpoint,
    );
    const outs = ({ sendMs }: { sendMs: number }, { outMs, backMs }: TrueAbsence, slackMs: number) =>
      sendMs >= outMs + slackMs && sendMs < (backMs ?? Number.POSITIVE_INFINITY) - slackMs;
    // What was known of it by then.
    const present = rows.filter(
      (row) => row.sendMs < absence.outMs && !own.some((each) => outs(row, each, -SLACK_MS)),
    );
    const hits = present.filter(({ endpoint }) => endpoint === absence.endpoint).length;
    const size = setup.versions.find(({ name }) => name === absence.version)?.endpoints.length ?? 1;
    // Two standard errors below what it was seen to have, as the analysis takes it.
    const seen = Math.max(0, hits - 2 * Math.sqrt(hits)) / Math.max(1, present.length);
    const share = SHARE_AT_LEAST * Math.min(seen, 1 / size);
    const missed = longestRun(
      rows.flatMap((row) => (outs(row, absence, SLACK_MS) ? [row.sendMs] : [])),
      doubts,
    );
    return { ...absence, missed, enough: missed * Math.log1p(-share) < Math.log(SURE) };
  });
}

/** The most of the times that have no doubt between them: each of those may have gone to the endpoint. */
function longestRun(timesMs: readonly number[], doubtsMs: readonly number[]): number {
  const runs = new Map<number, number>();
  for (const ms of timesMs) {
    const after = doubtsMs.filter((doubt) => doubt <= ms).length;
    runs.set(after, (runs.get(after) ?? 0) + 1);
  }
  return Math.max(0, ...runs.values());
}

/**
 * When endpoints served nothing: ejected or refusing connections, which the gateway's retries hide. What overlaps is one
 * absence to a client.
 */
function unserved({ setup, absences }: Simulated): TrueAbsence[] {
  const refusing = setup.versions.flatMap(({ name, endpoints }) =>
    endpoints.flatMap(({ name: endpoint, faults }) =>
      faults.flatMap(({ kind, fromMs, toMs }) =>
        kind === 'refuse' ? [{ version: name, endpoint, replica: 0, outMs: fromMs, backMs: toMs }] : [],
      ),
    ),
  );
  const all = [...absences, ...refusing].sort((a, b) => a.outMs - b.outMs);
  const merged: TrueAbsence[] = [];
  for (const each of all) {
    const before = merged.findLast(({ endpoint }) => endpoint === each.endpoint);
    if (before === undefined || (before.backMs !== null && before.backMs + SLACK_MS < each.outMs)) {
      merged.push({ ...each });
    } else if (before.backMs !== null) {
      before.backMs = each.backMs === null ? null : Math.max(before.backMs, each.backMs);
    }
  }
  return merged;
}

/** What is wrong with the windows, each in a line; none when all is right. */
export function complaints(run: Simulated, { windows }: EjectionsResult): string[] {
  const absences = judged(run);
  const found = new Set<JudgedAbsence>();
  const lines: string[] = [];
  for (const window of windows) {
    const truths = absences.filter((absence) => isOf(window, absence));
    if (truths.length === 0) {
      if (!isOfMembership(window, run.setup)) lines.push(`invented: ${told(window)}`);
      continue;
    }
    for (const truth of truths) found.add(truth);
    lines.push(...outside(window, truths));
  }
  for (const absence of absences) {
    if (absence.enough && !found.has(absence)) {
      const { endpoint, outMs, backMs, missed } = absence;
      lines.push(`missed: ${endpoint} out ${ms(outMs)} to ${ms(backMs)}, ${missed} requests went elsewhere`);
    }
  }
  return lines;
}

function isOf(window: EjectionWindow, { version, endpoint, outMs, backMs }: TrueAbsence): boolean {
  if (window.version !== version || window.endpoint !== endpoint) return false;
  const fromMs = window.startBoundsMs[0] ?? Number.NEGATIVE_INFINITY;
  const toMs = window.endBoundsMs[1] ?? Number.POSITIVE_INFINITY;
  return outMs <= toMs + SLACK_MS && (backMs ?? Number.POSITIVE_INFINITY) >= fromMs - SLACK_MS;
}

/** True times that the window's bounds leave out. One window may be two absences with no request between them. */
function outside(window: EjectionWindow, truths: readonly TrueAbsence[]): string[] {
  const [first, last] = [truths[0], truths.at(-1)];
  if (first === undefined || last === undefined) return [];
  const lines: string[] = [];
  const inside = (atMs: number, [lo, hi]: readonly [number | null, number | null]) =>
    atMs >= (lo ?? Number.NEGATIVE_INFINITY) - SLACK_MS &&
    atMs <= (hi ?? Number.POSITIVE_INFINITY) + SLACK_MS;
  if (!truths.some(({ outMs }) => inside(outMs, window.startBoundsMs))) {
    lines.push(`start: out at ${ms(first.outMs)}, not in its bounds: ${told(window)}`);
  }
  const backs = truths.map(({ backMs }) => backMs ?? Number.POSITIVE_INFINITY);
  if (!backs.some((backMs) => inside(backMs, window.endBoundsMs))) {
    lines.push(`end: back at ${ms(last.backMs)}, not in its bounds: ${told(window)}`);
  }
  return lines;
}

/** An endpoint that joined during the run or was scaled down is rightly missed before, or after. */
function isOfMembership({ endpoint, kind, startMs, endMs }: EjectionWindow, { versions }: SimSetup): boolean {
  const found = versions.flatMap(({ endpoints }) => endpoints).find(({ name }) => name === endpoint);
  if (found === undefined) return false;
  const { joinsMs, leavesMs } = found;
  if (kind === 'joined') return joinsMs > 0 && endMs !== null && endMs >= joinsMs - SLACK_MS;
  return endMs === null && startMs !== null && leavesMs - startMs < 1000;
}

function told(window: EjectionWindow): string {
  const { endpoint, kind, startMs, endMs, startBoundsMs, endBoundsMs } = window;
  const pair = ([lo, hi]: readonly [number | null, number | null]) => `[${ms(lo)}, ${ms(hi)}]`;
  return `${endpoint} ${kind} ${ms(startMs)} ${pair(startBoundsMs)} to ${ms(endMs)} ${pair(endBoundsMs)}`;
}

function ms(value: number | null): string {
  return value === null || !Number.isFinite(value) ? '-' : `${value.toFixed(1)} ms`;
}
