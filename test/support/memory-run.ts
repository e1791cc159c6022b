/** Runs kept in memory as a saved run is kept in a file, and cut into shards as several generators make them. */
import type { RunResult } from '../../src/analysis/result.js';
import type { RunEnd, RunHeader, SampleSink } from '../../src/blocks/run-record.js';
import { blockBytes, type LabelTables, NO_LABEL, PHASE, SampleBlock } from '../../src/blocks/sample-block.js';
import type { Plan } from '../../src/plan/plan.js';
import { run } from '../../src/run.js';
import type { RunOptions } from '../../src/run-options.js';
import type { SavedRun } from '../../src/saved/saved-run.js';

/** A saved run that is no file; can be read several times. */
export class MemoryRun implements SavedRun {
  /** Readers that were begun and are not closed or read to their end. */
  open = 0;

  constructor(
    readonly file: string,
    readonly plan: Plan,
    readonly startedAtUs: number,
    readonly labels: LabelTables,
    readonly kept: readonly SampleBlock[],
    readonly runEnd: RunEnd | null,
  ) {}

  /** In one block that is used again, as a file's reader does. */
  async *blocks(): AsyncGenerator<SampleBlock> {
    this.open += 1;
    try {
      const shared = new SampleBlock();
      for (const block of this.kept) {
        copyRows(block, shared);
        yield shared;
      }
    } finally {
      this.open -= 1;
    }
  }

  end(): RunEnd | null {
    return this.runEnd;
  }

  with(changes: Partial<Pick<MemoryRun, 'file' | 'plan' | 'startedAtUs' | 'runEnd' | 'kept'>>): MemoryRun {
    const { file, plan, startedAtUs, kept, runEnd } = { ...this, ...changes };
    return new MemoryRun(file, plan, startedAtUs, this.labels, kept, runEnd);
  }
}

function copyRows(from: SampleBlock, to: SampleBlock): void {
  for (const name of COLUMNS) to[name].set(from[name].subarray(0, from.length));
  to.length = from.length;
}

export const COLUMNS = [
  'dueUs',
  'sendUs',
  'firstByteUs',
  'endUs',
  'connection',
  'sequence',
  'bytes',
  'status',
  'version',
  'endpoint',
  'address',
  'worker',
  'outcome',
  'origin',
  'phase',
] as const;

/** A sample of a block, by column. */
export type FullRow = Record<(typeof COLUMNS)[number], number>;

export function rowsOfBlock(block: SampleBlock): FullRow[] {
  return Array.from(
    { length: block.length },
    (_, row) => Object.fromEntries(COLUMNS.map((name) => [name, block[name][row]])) as FullRow,
  );
}

export function blockOfRows(rows: readonly FullRow[]): SampleBlock {
  const capacity = Math.max(1, rows.length);
  const block = new SampleBlock(new ArrayBuffer(blockBytes(capacity)), capacity);
  rows.forEach((row, i) => {
    for (const name of COLUMNS) block[name][i] = row[name];
  });
  block.length = rows.length;
  return block;
}

/** A live run, its result, and what a file of it would hold. */
export async function liveRun(
  plan: Plan,
  options: RunOptions = { preflight: false },
): Promise<{ result: RunResult; saved: MemoryRun }> {
  const kept: SampleBlock[] = [];
  let header: RunHeader | null = null;
  let runEnd: RunEnd | null = null;
  const sink: SampleSink = {
    begin: (known) => {
      header = known;
    },
    add: (block) => {
      kept.push(blockOfRows(rowsOfBlock(block)));
      return null;
    },
    end: async (known) => {
      runEnd = known;
    },
  };
  const result = await run(plan, { ...options, sinks: [sink] });
  const { startedAtUs, labels, plan: settled } = header as unknown as RunHeader;
  return { result, saved: new MemoryRun('run.arrow', settled, startedAtUs, labels, kept, runEnd) };
}

/**
 * The run as so many shards, each with labels of its own in the order in which it meets them. The first knows of
 * all connections; the others opened none.
 *
 * @param shardOf the shard that a row belongs to
 */
export function shardsOf(whole: MemoryRun, count: number, shardOf: (row: FullRow) => number): MemoryRun[] {
  const rows: FullRow[][] = Array.from({ length: count }, () => []);
  for (const block of whole.kept) for (const row of rowsOfBlock(block)) rows[shardOf(row)]?.push(row);
  return rows.map((own, shard) => {
    const labels = { versions: [] as string[], endpoints: [] as string[], addresses: [] as string[] };
    const renumbered = own.map((row) => ({
      ...row,
      version: intern(labels.versions, whole.labels.versions[row.version]),
      endpoint: intern(labels.endpoints, whole.labels.endpoints[row.endpoint]),
      address: intern(labels.addresses, whole.labels.addresses[row.address]),
    }));
    const blocks: SampleBlock[] = [];
    for (let at = 0; at < own.length; at += 100) blocks.push(blockOfRows(renumbered.slice(at, at + 100)));
    return new MemoryRun(
      `shard-${shard}.arrow`,
      { ...whole.plan, load: { ...whole.plan.load, requests: null, connections: shard === 0 ? 8 : 0 } },
      whole.startedAtUs,
      labels,
      blocks,
      endOfShard(whole.runEnd as RunEnd, shard, own.filter(({ phase }) => phase === PHASE.measured).length),
    );
  });
}

function endOfShard(end: RunEnd, shard: number, scheduled: number): RunEnd {
  if (shard === 0) return { ...end, scheduled };
  const none = Object.fromEntries(
    Object.entries(end.counters).map(([name, value]) => [name, Array.isArray(value) ? [] : 0]),
  );
  return { ...end, scheduled, threads: 0, counters: none as unknown as RunEnd['counters'] };
}

function intern(table: string[], label: string | undefined): number {
  if (label === undefined) return NO_LABEL;
  const known = table.indexOf(label);
  return known >= 0 ? known : table.push(label) - 1;
}

/** What a run found, without what is said of how it was sent and in words. */
export function figures({
  load: _load,
  generator: _generator,
  notes: _notes,
  ...rest
}: RunResult): Omit<RunResult, 'load' | 'generator' | 'notes'> {
  return rest;
}
