/** Traffic of a version with endpoints in turn, as rows: what each test changes is what it is about. */
import { EjectionFold } from '../../../src/analysis/ejections/ejection-fold.js';
import type { EjectionsResult } from '../../../src/analysis/ejections/result.js';
import { VersionSlots } from '../../../src/analysis/version-slots.js';
import type { SampleBlock } from '../../../src/blocks/sample-block.js';
import type { EjectionRule } from '../../../src/plan/plan.js';
import { BlockMaker, type Row } from '../../support/blocks.js';

/** Time between two requests. */
const STEP_US = 10_000;
const ROWS_IN_A_BLOCK = 20;

/** Five 5xx in a row for 2 s, swept each second; all may be out. */
export const RULE: EjectionRule = {
  version: null,
  scope: 'version',
  source: 'the test',
  errorCodes: null,
  consecutive5xx: 5,
  consecutiveGatewayErrors: 0,
  consecutiveLocalOriginFailures: null,
  intervalMs: 1000,
  baseEjectionTimeMs: 2000,
  maxEjectionPercent: 100,
  alwaysEjectsOne: false,
  minHealthPercent: 0,
  endpoints: null,
  asked: false,
};

/** What becomes of a request that is sent at a time; `present`: the endpoints that take turns then. */
export interface Moment {
  readonly present?: readonly string[];
  /** Changes of the row of the endpoint whose turn it is. */
  readonly row?: (endpoint: string) => Row;
}

/**
 * A request each 10 ms to the endpoints in turn.
 *
 * @param moment at µs since the beginning; `null`: nothing is sent
 */
export function traffic(fromUs: number, toUs: number, moment: (us: number) => Moment | null): Row[] {
  const rows: Row[] = [];
  let turn = 0;
  for (let us = fromUs; us < toUs; us += STEP_US) {
    const now = moment(us);
    if (now === null) continue;
    const { present = ['a', 'b', 'c'], row = () => ({}) } = now;
    turn += 1;
    const endpoint = present[turn % Math.max(1, present.length)];
    const times = { dueUs: us, sendUs: us, endUs: us + 1000 };
    const changes = endpoint === undefined ? row('') : { version: 'v1', endpoint, ...row(endpoint) };
    rows.push({ ...times, ...changes });
  }
  return rows;
}

/** Blocks of a few rows each, by their ends, as a worker posts them. */
export function blocksOf(maker: BlockMaker, rows: readonly Row[]): SampleBlock[] {
  const sorted = [...rows].sort((a, b) => (a.endUs ?? 0) - (b.endUs ?? 0));
  const blocks: SampleBlock[] = [];
  for (let at = 0; at < sorted.length; at += ROWS_IN_A_BLOCK) {
    blocks.push(maker.block(sorted.slice(at, at + ROWS_IN_A_BLOCK)));
  }
  return blocks;
}

/** What is found in the rows. */
export function found(
  rows: readonly Row[],
  rules: readonly EjectionRule[] = [RULE],
  timeoutMs = 1000,
): EjectionsResult {
  const maker = new BlockMaker();
  const blocks = blocksOf(maker, rows);
  const fold = foldOn(maker, rules, timeoutMs);
  for (const block of blocks) fold.add(block, 0);
  return fold.result();
}

export function foldOn(maker: BlockMaker, rules: readonly EjectionRule[], timeoutMs: number): EjectionFold {
  const slots = new VersionSlots(maker.labels.versions, (label) => label, ['v1']);
  return new EjectionFold({ labels: maker.labels, rules, timeoutMs }, slots);
}
