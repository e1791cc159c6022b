/** Reads vegeta's results as a run: their answers are regrouped by version as if they had just come. */

import { RunLabels } from '../../blocks/run-labels.js';
import { LABELS_BOUNDED, type RunEnd } from '../../blocks/run-record.js';
import { SampleBlock } from '../../blocks/sample-block.js';
import { UserError } from '../../errors.js';
import type { ByteSource } from '../../io/byte-source.js';
import { candidateWords } from '../../plan/labels/labels.js';
import type { JudgePlan, LabelSource, Note, Plan, Target } from '../../plan/plan.js';
import { chooseIdentifier, versionNotFound } from '../../probes/preflight/choose-identifier.js';
import { readReply } from '../../probes/preflight/single-request.js';
import { count } from '../../text/numbers.js';
import { printable } from '../../text/printable.js';
import type { SavedRun } from '../saved-run.js';
import { type Ending, type ReadResults, readResults, type VegetaForm } from './lines.js';
import type { VegetaResult } from './result.js';
import { VegetaRows } from './rows.js';

/** What a run's plan would say, for results that have none. */
export interface ImportOptions {
  /** Null: detected in the first answers. */
  readonly version: LabelSource | null;
  readonly endpoint: LabelSource | null;
  readonly bodyLimitBytes: number;
  readonly judge: JudgePlan;
}

/**
 * Results looked at before the first is counted: for the earliest time, as they stand in the order in which
 * they ended, and for how to read the version.
 */
const FIRST_RESULTS = 2048;
/** Distinct URLs that are told apart for the note. */
const MAX_TARGETS = 64;

/**
 * Opens vegeta's results, in CSV or JSON lines. `timestamp` is when one of vegeta's workers took the request up
 * (lib/attack.go): its due time and its sending here, since neither the schedule nor the connecting is told.
 *
 * @param source at the beginning of the results
 * @throws UserError naming file and line for what is no result, or when no version can be read
 */
export async function openVegeta(
  source: ByteSource,
  form: VegetaForm,
  options: ImportOptions,
): Promise<SavedRun> {
  const results = readResults(source, form, options.bodyLimitBytes);
  try {
    const first: VegetaResult[] = [];
    let all: Ending | null = null;
    while (first.length < FIRST_RESULTS && all === null) {
      const { done, value } = await results.next();
      if (done === true) all = value;
      else first.push(...value);
    }
    const [one] = first;
    if (one === undefined) throw new UserError(`${source.file} has no whole result in it.`);
    const plan = settled(planFor(one, options), options, first, source.file);
    return new VegetaRun(source, plan, first, all ?? results);
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
    readonly first: readonly VegetaResult[],
    /** How the results go on, or how they ended with the first. */
    readonly rest: ReadResults | Ending,
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
      for (let results = this.first; ; ) {
        for (const result of results) {
          this.#sawTarget(result);
          rows.write(result, block);
          read += 1;
          if (!block.full) continue;
          yield block;
          block.length = 0;
        }
        const { done, value } =
          'cutAt' in this.rest ? { done: true as const, value: this.rest } : await this.rest.next();
        if (done === true) {
          if (block.length > 0) yield block;
          this.#end = this.#endWith(read, rows, value.cutAt);
          return;
        }
        results = value;
      }
    } finally {
      await this.source.close();
    }
  }

  #sawTarget({ method, url }: VegetaResult): void {
    if (this.#targets.size < MAX_TARGETS) this.#targets.add(`${method} ${url}`);
  }

  #endWith(results: number, rows: VegetaRows, cutAt: number | null): RunEnd {
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
      const text = `A request that failed as '${kind}' said: ${printable(said, 300)}`;
      notes.push({ code: 'failure-sample', text });
    }
    if (this.labels.overflowed) notes.push(LABELS_BOUNDED);
    return {
      ended: cutAt === null ? 'completed' : 'truncated',
      scheduled: results,
      threads: 0,
      counters: { connectionsOpened: null },
      clockStepUs: 0,
      settle: null,
      gateway: null,
      notes,
    };
  }
}

function planFor(one: VegetaResult, { version, endpoint, bodyLimitBytes, judge }: ImportOptions): Plan {
  return {
    target: targetOf(one),
    // Analyses never say anything of this load: it is not known.
    load: {
      mode: 'closed',
      connections: 0,
      streams: 1,
      maxInFlight: 0,
      ratePerSecond: null,
      arrival: 'uniform',
      requests: null,
      durationMs: null,
      rampMs: 0,
      warmup: null,
      timeoutMs: 0,
      threads: 0,
      requestsPerConnection: null,
      seed: 0,
    },
    identify: {
      version: version ?? { from: 'none' },
      endpoint: endpoint ?? { from: 'none' },
      bodyLimitBytes,
      candidates: candidateWords(judge.expected ?? []),
      upstreamTimeStamped: false,
    },
    judge,
    policies: [],
    ejection: [],
    notes: [],
    secretHeaders: [],
  };
}

function targetOf({ url, method }: VegetaResult): Target {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed !== null) {
    parsed.username = '';
    parsed.password = '';
  }
  return {
    url: printable(parsed?.href ?? url, 2000),
    scheme: parsed?.protocol === 'https:' ? 'https' : 'http',
    protocol: 'http/1.1',
    connectTo: [],
    host: printable(parsed?.host ?? '', 300),
    sni: null,
    path: printable(parsed === null ? '' : parsed.pathname + parsed.search, 2000),
    method: printable(method, 40),
    headers: [],
    body: null,
    tls: { verify: true, ca: null, cert: null, key: null },
  };
}

/** The plan with its identifier, settled by the first answers as a run's is by its pre-flight. */
function settled(plan: Plan, options: ImportOptions, first: readonly VegetaResult[], file: string): Plan {
  const replies = first
    .filter(({ status }) => status !== 0)
    .map(({ status, headers, body, bodyBytes }) =>
      readReply({ status, headers, body, cut: bodyBytes > body.length, address: '' }),
    );
  // Where no backend answered there is nothing to settle: the figures are all failures.
  if (replies.every(({ fromGateway }) => fromGateway)) return plan;
  const given = { version: options.version !== null, endpoint: options.endpoint !== null };
  const found = chooseIdentifier(plan, given, replies);
  if (found !== null) return found;
  const { message, exitCode } = versionNotFound(plan, given, replies, null);
  throw new UserError(`${file}: ${message}`, exitCode);
}
