/** Rows of a simulated thread as the blocks that a real one would have posted, every 200 ms or when full. */
import { type OutcomeName, outcomeCode } from '../../../src/blocks/outcome.js';
import {
  BLOCK_CAPACITY,
  blockBytes,
  NO_LABEL,
  ORIGIN,
  PHASE,
  SampleBlock,
} from '../../../src/blocks/sample-block.js';

export interface SimRow {
  readonly thread: number;
  readonly connection: number;
  readonly sequence: number;
  readonly dueMs: number;
  readonly sendMs: number;
  readonly endMs: number;
  readonly status: number;
  readonly outcome: OutcomeName;
  readonly origin: keyof typeof ORIGIN;
  readonly version: string | null;
  readonly endpoint: string | null;
}

const POST_AFTER_MS = 200;

export class RowWriter {
  readonly labels = { versions: [] as string[], endpoints: [] as string[], addresses: ['127.0.0.1:80'] };
  private readonly open = new Map<number, SimRow[]>();
  private readonly posted: { readonly atMs: number; readonly block: SampleBlock }[] = [];

  /** Takes the next row of its thread, in the order of ends. */
  add(row: SimRow): void {
    const rows = this.open.get(row.thread) ?? [];
    const first = rows[0];
    if (first !== undefined && row.endMs >= first.endMs + POST_AFTER_MS) {
      this.post(row.thread, rows, first.endMs + POST_AFTER_MS);
      this.open.set(row.thread, [row]);
      return;
    }
    rows.push(row);
    this.open.set(row.thread, rows);
    if (rows.length === BLOCK_CAPACITY) this.post(row.thread, rows, row.endMs);
  }

  /** All blocks in the order in which they were posted. */
  end(): readonly SampleBlock[] {
    for (const [thread, rows] of this.open) {
      const first = rows[0];
      if (first !== undefined) this.post(thread, rows, first.endMs + POST_AFTER_MS);
    }
    return this.posted.sort((a, b) => a.atMs - b.atMs).map(({ block }) => block);
  }

  private post(thread: number, rows: readonly SimRow[], atMs: number): void {
    const block = new SampleBlock(new ArrayBuffer(blockBytes(rows.length)), rows.length);
    for (const row of rows) this.write(block, row);
    this.posted.push({ atMs, block });
    this.open.set(thread, []);
  }

  private write(block: SampleBlock, row: SimRow): void {
    const i = block.length;
    const { labels } = this;
    block.dueUs[i] = row.dueMs * 1000;
    block.sendUs[i] = row.sendMs * 1000;
    block.firstByteUs[i] = row.status === 0 ? Number.NaN : row.endMs * 1000;
    block.endUs[i] = row.endMs * 1000;
    block.connection[i] = row.connection;
    block.sequence[i] = row.sequence;
    block.status[i] = row.status;
    block.version[i] = intern(labels.versions, row.version);
    block.endpoint[i] = intern(labels.endpoints, row.endpoint);
    block.address[i] = 0;
    block.worker[i] = row.thread;
    block.outcome[i] = outcomeCode(row.outcome);
    block.origin[i] = ORIGIN[row.origin];
    block.phase[i] = PHASE.measured;
    block.length += 1;
  }
}

function intern(table: string[], label: string | null): number {
  if (label === null) return NO_LABEL;
  const known = table.indexOf(label);
  return known >= 0 ? known : table.push(label) - 1;
}
