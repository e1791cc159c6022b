/** The columns of a saved run (docs/saved-runs.md): the same in the Arrow file and in `--samples`. */
import { OUTCOMES } from '../../blocks/outcome.js';
import { ORIGIN, PHASE, type SampleBlock } from '../../blocks/sample-block.js';

/** `labels16` and `labels8` are text by dictionary, with an index of so many bits, signed; null for none. */
export type ColumnType = 'float64' | 'uint32' | 'uint16' | 'labels16' | 'labels8';

/** In the order in which they are written. Names and types are promised to readers: append, never change. */
export const COLUMNS = [
  ['due_us', 'float64'],
  ['send_us', 'float64'],
  ['first_byte_us', 'float64'],
  ['end_us', 'float64'],
  ['status', 'uint16'],
  ['version', 'labels16'],
  ['endpoint', 'labels16'],
  ['outcome', 'labels8'],
  ['origin', 'labels8'],
  ['address', 'labels16'],
  ['phase', 'labels8'],
  ['connection', 'uint32'],
  ['worker', 'uint16'],
  ['sequence', 'uint32'],
  ['bytes', 'uint32'],
] as const satisfies readonly (readonly [string, ColumnType])[];

export type ColumnName = (typeof COLUMNS)[number][0];

/** A column of a sample block. */
export type ColumnValues = Float64Array | Uint32Array | Uint16Array | Uint8Array;

/** What a block holds of a column. */
export function columnOf(name: ColumnName, block: SampleBlock): ColumnValues {
  switch (name) {
    case 'due_us':
      return block.dueUs;
    case 'send_us':
      return block.sendUs;
    case 'first_byte_us':
      return block.firstByteUs;
    case 'end_us':
      return block.endUs;
    default:
      return block[name];
  }
}

/** Keys of the file's metadata. */
export const META = {
  plan: 'weighbridge.plan',
  startedAt: 'weighbridge.startedAt',
  schemaVersion: 'weighbridge.schemaVersion',
  /** On the last, empty batch: what the run knew at its end. */
  end: 'weighbridge.end',
} as const;

/** What this version writes and reads. */
export const SCHEMA_VERSION = '1';

/** Names by code: what stands in the columns of that name. */
export const NAMES = {
  outcome: OUTCOMES.map(({ name }) => name),
  origin: byCode(ORIGIN),
  phase: byCode(PHASE),
} as const;

function byCode(codes: Readonly<Record<string, number>>): string[] {
  const names: string[] = [];
  for (const [name, code] of Object.entries(codes)) names[code] = name;
  return names;
}
