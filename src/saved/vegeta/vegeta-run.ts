/** Reads vegeta's results as a saved run: responses are grouped by version by the rules of a live run. */

import { RunLabels } from '../../blocks/run-labels.js';
import { LABELS_BOUNDED, type RunEnd } from '../../blocks/run-record.js';
import { SampleBlock } from '../../blocks/sample-block.js';
import { UserError } from '../../errors.js';
import type { ByteSource } from '../../io/byte-source.js';
import type { Note, Plan } from '../../plan/plan.js';
import { count } from '../../text/numbers.js';
import { printable } from '../../text/printable.js';
import { maskUrlsIn } from '../../text/secrets.js';
import type { SavedRun } from '../saved-run.js';
import { type ImportOptions, importPlan } from './import-plan.js';
import { type ReadResults, type ResultsEnd, readResults, type VegetaForm } from './read-results.js';
import type { VegetaResult } from './result.js';
import { VegetaRows } from './rows.js';

/**
 * Results that are read before the first row is made. They settle how the version is read. The earliest of them
 * is 0 on the run clock: a file has its results in the order in which they ended, not in that of their times.
 */
const FIRST_RESULTS = 2048;
/** Distinct URLs and methods that are counted for the note on them. */
const MAX_TARGETS = 64;

type FirstResults = readonly [VegetaResult, ...VegetaResult[]];

/**
 * Opens vegeta's results, in CSV or JSON lines. Their `timestamp` is when one of vegeta's workers took the request
 * up (vegeta's lib/attack.go). It becomes both the due time and the time of sending: results record neither the
 * schedule nor how long connecting took.
 *
 * @param source at the beginning of the results; closed after the last block, or on an error
 * @throws UserError naming file and line of what is not a result, or when no version can be read
 */
export async function openVegeta(
  source: ByteSource,
  form: VegetaForm,
  options: ImportOptions,
): Promise<SavedRun> {
  const results = readResults(source, form, options.bodyLimitBytes);
  try {
    const read: VegetaResult[] = [];
    let end: ResultsEnd | null = null;
    while (read.length < FIRST_RESULTS && end === null) {
      const { done, value } = await results.next();
      if (done === true) end = value;
      else read.push(...value);
    }
    if (read.length === 0) throw new UserError(`${source.file} has no complete result in it.`);
    const first = read as [VegetaResult, ...VegetaResult[]];
    return new VegetaRun(source, importPlan(first, options, source.file), first, end ?? results);
  } catch (error) {
    await source.close();
    throw error;
  }
}

class VegetaRun implements SavedRun {
  readonly imported = true;
  readonly file: string;
  readonly startedAtUs: number;
  readonly labels: RunLabels;
  readonly #targets = new Set<string>();
  #end: RunEnd | null = null;

  constructor(
    readonly source: ByteSource,
    readonly plan: Plan,
    readonly first: FirstResults,
    /** The results after the first ones; or their end, when there are no more. */
    readonly rest: ReadResults | ResultsEnd,
  ) {
    this.file = source.file;
    this.labels = new RunLabels(plan.identify.candidates);
    const earliest = first.reduce((least, one) =>
      one.seconds < least.seconds || (one.seconds === least.seconds && one.nanos < least.nanos) ? one : least,
    );
    this.startedAtUs = earliest.seconds * 1e6 + Math.floor(earliest.nanos / 1000);
  }

  end(): RunEnd | null {
    return this.#end;
  }

  async *blocks(): AsyncGenerator<SampleBlock> {
    const block = new SampleBlock();
    const rows = new VegetaRows(this.plan, this.labels, this.startedAtUs);
    let read = 0;
    try {
      for (let results: readonly VegetaResult[] = this.first; ; ) {
        for (const result of results) {
          this.#countTarget(result);
          rows.write(result, block);
          read += 1;
          if (!block.full) continue;
          yield block;
          block.length = 0;
        }
        const next = await this.#next();
        if ('cutAt' in next) {
          if (block.length > 0) yield block;
          this.#end = this.#runEnd(read, rows, next.cutAt);
          return;
        }
        results = next;
      }
    } finally {
      await this.source.close();
    }
  }

  async #next(): Promise<readonly VegetaResult[] | ResultsEnd> {
    return 'cutAt' in this.rest ? this.rest : (await this.rest.next()).value;
  }

  #countTarget({ method, url }: VegetaResult): void {
    if (this.#targets.size < MAX_TARGETS) this.#targets.add(`${method} ${url}`);
  }

  #runEnd(results: number, rows: VegetaRows, cutAt: number | null): RunEnd {
    return {
      ended: cutAt === null ? 'completed' : 'truncated',
      scheduled: results,
      threads: 0,
      counters: { connectionsOpened: null },
      generator: null,
      clockStepUs: 0,
      settle: null,
      gateway: null,
      notes: this.#notes(results, rows, cutAt),
    };
  }

  #notes(results: number, rows: VegetaRows, cutAt: number | null): Note[] {
    const notes: Note[] = [
      {
        code: 'import-latency',
        text:
          'These are results of vegeta: its latencies count from the moment when one of its workers took a request ' +
          'up. Opening a connection is in them; waiting before that, for a free worker, is not.',
      },
    ];
    if (cutAt !== null) {
      notes.push({
        code: 'file-cut',
        text: `${printable(this.file, 80)} ends in the middle of line ${cutAt}: the ${count(results)} results before it were read.`,
      });
    }
    if (this.#targets.size > 1) {
      const many = this.#targets.size < MAX_TARGETS ? String(this.#targets.size) : `${MAX_TARGETS} or more`;
      notes.push({
        code: 'several-targets',
        text: `The results are for ${many} different URLs or methods, put together here; the target shown is the first one's.`,
      });
    }
    for (const [kind, said] of rows.errorSamples) {
      const text = `A request that failed as '${kind}' said: ${printable(maskUrlsIn(said), 300)}`;
      notes.push({ code: 'failure-sample', text });
    }
    if (this.labels.overflowed) notes.push(LABELS_BOUNDED);
    return notes;
  }
}
