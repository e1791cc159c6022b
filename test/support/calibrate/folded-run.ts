/** Simulated runs through the product's whole fold: blocks of rows in, the result's verdict out. */
import { RunFold } from '../../../src/analysis/run-fold.js';
import type { SampleBlock } from '../../../src/blocks/sample-block.js';
import { BlockMaker, judgePlan, runInfo } from '../blocks.js';
import type { Drawn } from './drawn-run.js';
import type { Ended } from './tally.js';

/** Rows of a block. */
const ROWS = 50;
const SENT_EVERY_US = 100;

export class FoldedRun {
  readonly #fold: RunFold;
  readonly #block: SampleBlock;
  #added = 0;

  /** @param renews connections are closed when the fold asks for it */
  constructor({ expected, tolerance, only = 'split' }: Drawn, inFlight: number, renews = false) {
    const maker = new BlockMaker();
    const names = expected.map((_, v) => `v${v + 1}`);
    // Interns the versions in their order: the label of version v is v.
    maker.block(names.map((version) => ({ version })));
    this.#block = maker.block(Array.from({ length: ROWS }, () => ({ version: 'v1' })));
    this.#block.length = 0;
    const plan = judgePlan(Object.fromEntries(names.map((name, v) => [name, expected[v] as number])));
    this.#fold = new RunFold({
      ...maker.context({
        ...plan,
        tolerance: { all: { fraction: tolerance, of: 'requests' }, versions: [] },
        only: only === 'both' ? null : [only],
      }),
      untilVerdict: { workers: 1, inFlight, renews, ordered: true },
    });
  }

  get isDecided(): boolean {
    return this.#fold.isDecided;
  }

  /** Requests after which a connection is to be closed; null: never. */
  get requestsPerConnection(): number | null {
    return this.#fold.requestsPerConnection;
  }

  /** @param connection from 1 */
  add(version: number, isError: boolean, connection: number): void {
    const block = this.#block;
    const at = block.length++;
    const sendUs = this.#added * SENT_EVERY_US;
    block.sequence[at] = this.#added++;
    block.version[at] = version;
    block.status[at] = isError ? 500 : 200;
    block.connection[at] = connection;
    block.dueUs[at] = sendUs;
    block.sendUs[at] = sendUs;
    block.endUs[at] = sendUs + 1000;
    if (block.length === ROWS) this.#flush();
  }

  ended(): Ended {
    this.#flush();
    const { verdict, split } = this.#fold.result(runInfo(this.#added));
    return { verdict: verdict ?? 'inconclusive', requests: split?.requestsAtVerdict ?? this.#added };
  }

  #flush(): void {
    this.#fold.add(this.#block);
    this.#block.length = 0;
  }
}
