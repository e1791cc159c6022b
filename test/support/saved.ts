/** Saved runs for tests: made-up blocks through the real encoder, and back through the real reader. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { GeneratorUse } from '../../src/blocks/generator-use.js';
import { OUTCOMES } from '../../src/blocks/outcome.js';
import type { RunEnd, RunHeader } from '../../src/blocks/run-record.js';
import { type LabelTables, NO_LABEL, PHASE, SampleBlock } from '../../src/blocks/sample-block.js';
import { openSavedRun } from '../../src/saved/arrow/reader.js';
import { COLUMNS } from '../../src/saved/format/columns.js';
import { ArrowEncoder } from '../../src/saved/sinks/arrow-encoder.js';
import { seededRandom } from './blocks.js';
import { planFor } from './plan.js';

/** Wall clock when made-up runs began, µs. */
export const STARTED_AT_US = 1_772_366_400_123_456;

/** How busy a made-up generator was: not much. */
export const GENERATOR: GeneratorUse = {
  threads: 2,
  durationMs: 10_000,
  busyShare: 0.31,
  spinShare: 0,
  nearCeilingMs: 0,
  noCoreShare: 0.01,
  gcShare: 0.02,
  gcMaxMs: 1.5,
  stallMaxMs: 3.25,
  mainBusyShare: 0.2,
  cpuMs: 7_000,
  cores: 4,
};

/** A folder of the test's own. */
export function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'weighbridge-saved-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export class MadeUpRun {
  readonly labels = { versions: [] as string[], endpoints: [] as string[], addresses: [] as string[] };
  readonly header: RunHeader;
  readonly #random: () => number;
  #sequence = 0;

  constructor(seed = 1, expect: Record<string, number> = { v1: 90, v2: 10 }) {
    this.#random = seededRandom(seed);
    const plan = planFor('http://203.0.113.7:8080/', { expect });
    this.labels.versions.push(...plan.identify.candidates);
    this.header = { plan, startedAtUs: STARTED_AT_US, labels: this.labels };
  }

  /** Rows with every kind of value, those that are absent too; labels come from the lists, or none. */
  block(rows: number, versions: readonly string[], endpoints: readonly string[] = []): SampleBlock {
    const block = new SampleBlock();
    const random = this.#random;
    for (let i = 0; i < rows; i++) {
      const due = Math.round(random() * 1e12) / 1000;
      const unsent = random() < 0.1;
      block.dueUs[i] = due;
      block.sendUs[i] = unsent ? Number.NaN : due + random() * 1000;
      block.firstByteUs[i] = unsent ? Number.NaN : due + 1000 + random() * 1000;
      block.endUs[i] = due + 3000;
      block.status[i] = unsent ? 0 : 200 + Math.floor(random() * 300);
      block.version[i] = pick(this.labels.versions, versions, random);
      block.endpoint[i] = pick(this.labels.endpoints, endpoints, random);
      block.address[i] = pick(this.labels.addresses, ['203.0.113.7:8080'], random);
      block.outcome[i] = Math.floor(random() * OUTCOMES.length);
      block.origin[i] = Math.floor(random() * 3);
      block.phase[i] = random() < 0.1 ? PHASE.warmup : PHASE.measured;
      block.connection[i] = Math.floor(random() * 2 ** 32);
      block.worker[i] = Math.floor(random() * 2 ** 16);
      block.sequence[i] = this.#sequence++;
      block.bytes[i] = Math.floor(random() * 2 ** 32);
    }
    block.length = rows;
    return block;
  }
}

function pick(table: string[], from: readonly string[], random: () => number): number {
  const label = from[Math.floor(random() * (from.length + 1))];
  if (label === undefined) return NO_LABEL;
  const known = table.indexOf(label);
  return known >= 0 ? known : table.push(label) - 1;
}

/** What a run of these blocks knows at its end. */
export function endOf(blocks: readonly SampleBlock[], changes: Partial<RunEnd> = {}): RunEnd {
  const measured = (block: SampleBlock) =>
    block.phase.subarray(0, block.length).filter((phase) => phase === PHASE.measured).length;
  return {
    ended: 'completed',
    scheduled: blocks.reduce((sum, block) => sum + measured(block), 0),
    threads: 2,
    counters: {
      connectionsOpened: 4,
      connectSumUs: 4321,
      connectMaxUs: 1234,
      sentLate: 0,
      generatorSumUs: 12,
      generatorCount: 3,
      generatorMaxUs: 7,
      generatorBuckets: [2, 3, 7].map((us) => ({ us, requests: 1 })),
      waited: 0,
      waitMaxUs: 0,
      connectionsUnused: 1,
      connectionsUnasked: 0,
    },
    generator: GENERATOR,
    settle: null,
    gateway: null,
    clockStepUs: 17,
    notes: [{ code: 'failure-sample', text: 'a «note»' }],
    ...changes,
  };
}

/** The pieces of a file: schema, a batch per block, and with an `end` the last one. */
export function encoded(header: RunHeader, blocks: readonly SampleBlock[], end: RunEnd | null): Buffer[] {
  const encoder = new ArrowEncoder();
  const pieces = [encoder.begin(header), ...blocks.map((block) => encoder.rows(block))];
  if (end !== null) pieces.push(encoder.end(end));
  return pieces.map((piece) => Buffer.from(piece));
}

/** A row in words: equal rows are equal texts, whatever the numbers of their labels. */
export function rowsOf(block: SampleBlock, labels: LabelTables): string[] {
  const text = (table: readonly string[], number: number) =>
    number === NO_LABEL ? 'none' : JSON.stringify(table[number]);
  return Array.from({ length: block.length }, (_, i) =>
    [
      block.dueUs[i],
      block.sendUs[i],
      block.firstByteUs[i],
      block.endUs[i],
      block.status[i],
      text(labels.versions, block.version[i] as number),
      text(labels.endpoints, block.endpoint[i] as number),
      block.outcome[i],
      block.origin[i],
      text(labels.addresses, block.address[i] as number),
      block.phase[i],
      block.connection[i],
      block.worker[i],
      block.sequence[i],
      block.bytes[i],
    ].join(' '),
  );
}

export interface ReadBack {
  readonly rows: string[];
  readonly labels: LabelTables;
  readonly end: RunEnd | null;
}

/** Reads a file, after writing these bytes to it if there are any. */
export async function readBack(file: string, bytes?: Uint8Array): Promise<ReadBack> {
  if (bytes !== undefined) writeFileSync(file, bytes);
  const run = await openSavedRun(file);
  const rows: string[] = [];
  for await (const block of run.blocks()) rows.push(...rowsOf(block, run.labels));
  return { rows, labels: run.labels, end: run.end() };
}

/** Names of the columns, as they are promised. */
export const COLUMN_NAMES: readonly string[] = COLUMNS.map(([name]) => name);
