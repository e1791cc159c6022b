/** The columns and metadata of a saved run (docs/saved-runs.md). `--samples` writes the same columns as CSV. */
import { OUTCOMES } from '../../blocks/outcome.js';
import { ORIGIN, PHASE, type SampleBlock } from '../../blocks/sample-block.js';

/** `labels16` and `labels8` are dictionaries of strings with a signed index of 16 or 8 bits, null for no label. */
export type ColumnType = 'float64' | 'uint32' | 'uint16' | 'labels16' | 'labels8';

/** In the order in which they are written. Readers rely on names and types: append columns, never change them. */
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

/** The values of a column in a sample block. */
export type ColumnValues = Float64Array | Uint32Array | Uint16Array | Uint8Array;

/** A column of a block. */
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

/** Keys of the metadata of the schema, except for `end`. */
export const META = {
  plan: 'weighbridge.plan',
  startedAt: 'weighbridge.startedAt',
  schemaVersion: 'weighbridge.schemaVersion',
  /** Metadata of the last batch, which has no rows: what the run knew at its end. */
  end: 'weighbridge.end',
} as const;

/** The version of the format that is written and read. */
export const SCHEMA_VERSION = '1';

/** The names that the columns outcome, origin and phase have in a file, by their codes in a block. */
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
