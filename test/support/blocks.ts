/** Made-up sample blocks: the folds are tested on rows that no server sent. */
import type { FoldContext } from '../../src/analysis/fold-context.js';
import type { RunInfo } from '../../src/analysis/run-info.js';
import { type OutcomeName, outcomeCode } from '../../src/blocks/outcome.js';
import { blockBytes, NO_LABEL, ORIGIN, PHASE, SampleBlock } from '../../src/blocks/sample-block.js';
import { DEFAULT_JUDGE } from '../../src/plan/judge.js';
import type { JudgePlan } from '../../src/plan/plan.js';
import { tolerances } from '../../src/plan/tolerance.js';

/** A row; what is left out is an answer `200` of the backend after 1 ms, without a version. */
export interface Row {
  dueUs?: number;
  sendUs?: number;
  endUs?: number;
  status?: number;
  version?: string | null;
  endpoint?: string | null;
  address?: string | null;
  outcome?: OutcomeName;
  origin?: keyof typeof ORIGIN;
  phase?: keyof typeof PHASE;
  connection?: number;
  worker?: number;
  sequence?: number;
}

/** Interns labels as a run does and turns rows into blocks. */
export class BlockMaker {
  readonly labels = { versions: [] as string[], endpoints: [] as string[], addresses: [] as string[] };

  block(rows: readonly Row[]): SampleBlock {
    const capacity = Math.max(1, rows.length);
    const block = new SampleBlock(new ArrayBuffer(blockBytes(capacity)), capacity);
    rows.forEach((row, i) => {
      const dueUs = row.dueUs ?? 0;
      const sendUs = row.sendUs ?? dueUs;
      block.dueUs[i] = dueUs;
      block.sendUs[i] = sendUs;
      block.firstByteUs[i] = Number.NaN;
      block.endUs[i] = row.endUs ?? sendUs + 1000;
      block.status[i] = row.status ?? 200;
      block.version[i] = intern(this.labels.versions, row.version);
      block.endpoint[i] = intern(this.labels.endpoints, row.endpoint);
      block.address[i] = intern(this.labels.addresses, row.address);
      block.outcome[i] = outcomeCode(row.outcome ?? 'ok');
      block.origin[i] = ORIGIN[row.origin ?? 'backend'];
      block.connection[i] = row.connection ?? 0;
      block.worker[i] = row.worker ?? 0;
      block.sequence[i] = row.sequence ?? 0;
      block.phase[i] = PHASE[row.phase ?? 'measured'];
    });
    block.length = rows.length;
    return block;
  }

  /** A context in which each label is its own version. */
  context(judge: JudgePlan, mode: 'closed' | 'open' = 'closed'): FoldContext {
    return { labels: this.labels, judge, mode, ejections: null, versionOf: (label) => label };
  }
}

function intern(table: string[], label: string | null | undefined): number {
  if (label === null || label === undefined) return NO_LABEL;
  const known = table.indexOf(label);
  return known >= 0 ? known : table.push(label) - 1;
}

/** `{v1: 90, v2: 10}` as a JudgePlan; null for nothing to judge. */
export function judgePlan(weights: Record<string, number> | null, points: number | null = null): JudgePlan {
  const tolerance = points === null ? null : tolerances(points);
  if (weights === null) return { ...DEFAULT_JUDGE, tolerance };
  const sum = Object.values(weights).reduce((a, b) => a + b, 0);
  const expected = Object.entries(weights).map(([name, weight]) => ({
    name,
    weight,
    share: weight / sum,
    mapped: [],
  }));
  return { ...DEFAULT_JUDGE, expected, tolerance };
}

/** What a caller knows about an everyday run of 10 s over plain HTTP. */
export function runInfo(scheduled: number, changes: Partial<RunInfo> = {}): RunInfo {
  return {
    tool: { version: '0.1.0', command: null },
    startedAt: '2026-03-01T12:00:00.000000Z',
    ended: 'completed',
    target: {
      url: 'http://203.0.113.7/',
      method: 'GET',
      path: '/',
      addresses: ['203.0.113.7:80'],
      host: 'test.devopscube.com',
      sni: null,
      protocol: 'http/1.1',
      tlsVerified: null,
      headers: [['user-agent', 'weighbridge/0.1.0']],
    },
    load: {
      mode: 'closed',
      connections: 50,
      streams: 1,
      ratePerSecond: null,
      arrival: null,
      maxInFlight: null,
      threads: 2,
      untilVerdict: false,
      requests: null,
      plannedDurationMs: 10_000,
      timeoutMs: 10_000,
      requestsPerConnection: null,
      cookies: 'off',
      driver: 'wire',
      seed: 1,
      connectionsOpened: 50,
      connectionsUnused: null,
      connectionsUnasked: null,
      connectUs: { count: 50, mean: 812, max: 2310 },
      lateness: null,
    },
    generator: null,
    identifier: { version: 'preset http-echo (found in the first response)', endpoint: 'none' },
    scheduled,
    settle: null,
    gateway: null,
    notes: [],
    ...changes,
  };
}

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
