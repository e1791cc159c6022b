/** The columns with the values that requests had, so that a backend's log can be joined with a saved run. */
import type { SampleBlock } from '../../blocks/sample-block.js';
import type { Plan } from '../../plan/plan.js';
import { connectionOf, type RunNumbers, seqOf, uuidOf } from '../../plan/values/fill.js';
import { kindsIn, readTemplate } from '../../plan/values/request-template.js';
import { workerCount } from '../../probes/lane/connection-share.js';

/** A column that a saved run has besides COLUMNS. */
export interface ValueColumn {
  readonly name: 'request_uuid' | 'request_seq' | 'request_connection';
  readonly type: 'utf8' | 'uint64';
  /** The value of a row; null if its request was not sent. */
  readonly at: (block: SampleBlock, row: number) => string | number | null;
}

type ValueOf = (block: SampleBlock, row: number, numbers: RunNumbers) => string | number;

/** `{{rand}}` has none: several requests may have the same. */
const KINDS = {
  uuid: ['utf8', ({ sequence }, row, numbers) => uuidOf(numbers, sequence[row] as number)],
  seq: ['uint64', ({ sequence }, row, numbers) => seqOf(numbers, sequence[row] as number)],
  connection: ['uint64', ({ connection }, row, numbers) => connectionOf(numbers, connection[row] as number)],
} as const satisfies Readonly<Record<string, readonly [ValueColumn['type'], ValueOf]>>;

/** The columns for the values that the requests of a plan have; none if they have none. */
export function valueColumns({ target, load }: Plan): readonly ValueColumn[] {
  const template = target.values ? readTemplate(target) : null;
  if (template === null) return [];
  const kinds = kindsIn(template);
  const workers = workerCount(load);
  return (['uuid', 'seq', 'connection'] as const)
    .filter((kind) => kinds.has(kind))
    .map((kind) => {
      const [type, compute]: readonly [ValueColumn['type'], ValueOf] = KINDS[kind];
      return {
        name: `request_${kind}`,
        type,
        at: (block, row) =>
          Number.isNaN(block.sendUs[row])
            ? null
            : compute(block, row, { seed: load.seed, worker: block.worker[row] as number, workers }),
      };
    });
}
