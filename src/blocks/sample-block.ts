/**
 * A block of samples: one row per scheduled request, as columns over one ArrayBuffer, which is transferred between
 * threads and reused. Probes and analyses share nothing else.
 */

/** Value of a label column when there is no label. */
export const NO_LABEL = 0xffff;

/** Who made the response; `unknown` if there was none. */
export const ORIGIN = { unknown: 0, backend: 1, gateway: 2 } as const;

/** The part of the run that a request belongs to. Figures are about `measured` requests only. */
export const PHASE = { preflight: 0, settle: 1, warmup: 2, measured: 3 } as const;

/** Rows in a block. */
export const BLOCK_CAPACITY = 2048;

const BYTES_PER_ROW = 4 * 8 + 3 * 4 + 5 * 2 + 3;

/** Size of a block's buffer for a number of rows, in bytes. */
export function blockBytes(capacity: number = BLOCK_CAPACITY): number {
  return capacity * BYTES_PER_ROW;
}

/** Typed views over a block's buffer. Times are µs on the run clock: 0 is the start of the run in every thread. */
export class SampleBlock {
  /** Rows in use. */
  length = 0;
  /** When the request was due (open loop), or its lane was free for it (closed loop). */
  readonly dueUs: Float64Array;
  /** When it was written to an open connection; NaN if it never was. */
  readonly sendUs: Float64Array;
  /**
   * When the response's head was complete. With a preset for streams (openai): when the first byte of its body was
   * received, which is the first token, or its end if it has no body. NaN if there was none of these.
   */
  readonly firstByteUs: Float64Array;
  /** When the request ended, whatever its outcome. */
  readonly endUs: Float64Array;
  /** Serial number of the connection within its worker, from 1; 0 if there was none. */
  readonly connection: Uint32Array;
  /** Number in the worker's order of sending, from 0. */
  readonly sequence: Uint32Array;
  /** Body bytes received. */
  readonly bytes: Uint32Array;
  /** HTTP status; 0 if no response head was received. */
  readonly status: Uint16Array;
  /** Index into the version labels, or NO_LABEL. */
  readonly version: Uint16Array;
  /** Index into the endpoint labels, or NO_LABEL. */
  readonly endpoint: Uint16Array;
  /** Index into the address labels, or NO_LABEL. */
  readonly address: Uint16Array;
  readonly worker: Uint16Array;
  /** Code of an outcome (outcome.ts). */
  readonly outcome: Uint8Array;
  /** ORIGIN */
  readonly origin: Uint8Array;
  /** PHASE */
  readonly phase: Uint8Array;

  /** @throws RangeError if the buffer has not the size for `capacity` rows */
  constructor(
    readonly buffer: ArrayBuffer = new ArrayBuffer(blockBytes()),
    readonly capacity: number = BLOCK_CAPACITY,
  ) {
    if (buffer.byteLength !== blockBytes(capacity)) {
      throw new RangeError(
        `A block of ${capacity} rows takes ${blockBytes(capacity)} bytes, not ${buffer.byteLength}.`,
      );
    }
    // Columns are ordered from wide to narrow, so that each begins at a multiple of its element size.
    let offset = 0;
    const next = <T>(make: (offset: number) => T, width: number): T => {
      const column = make(offset);
      offset += width * capacity;
      return column;
    };
    const f64 = () => next((at) => new Float64Array(buffer, at, capacity), 8);
    const u32 = () => next((at) => new Uint32Array(buffer, at, capacity), 4);
    const u16 = () => next((at) => new Uint16Array(buffer, at, capacity), 2);
    const u8 = () => next((at) => new Uint8Array(buffer, at, capacity), 1);
    this.dueUs = f64();
    this.sendUs = f64();
    this.firstByteUs = f64();
    this.endUs = f64();
    this.connection = u32();
    this.sequence = u32();
    this.bytes = u32();
    this.status = u16();
    this.version = u16();
    this.endpoint = u16();
    this.address = u16();
    this.worker = u16();
    this.outcome = u8();
    this.origin = u8();
    this.phase = u8();
  }

  /** Copies a row onto another. */
  copyRow(from: number, to: number): void {
    this.dueUs[to] = this.dueUs[from] as number;
    this.sendUs[to] = this.sendUs[from] as number;
    this.firstByteUs[to] = this.firstByteUs[from] as number;
    this.endUs[to] = this.endUs[from] as number;
    this.connection[to] = this.connection[from] as number;
    this.sequence[to] = this.sequence[from] as number;
    this.bytes[to] = this.bytes[from] as number;
    this.status[to] = this.status[from] as number;
    this.version[to] = this.version[from] as number;
    this.endpoint[to] = this.endpoint[from] as number;
    this.address[to] = this.address[from] as number;
    this.worker[to] = this.worker[from] as number;
    this.outcome[to] = this.outcome[from] as number;
    this.origin[to] = this.origin[from] as number;
    this.phase[to] = this.phase[from] as number;
  }

  /** Whether no other row fits. */
  get full(): boolean {
    return this.length === this.capacity;
  }
}

/** The run's interned labels: the value of a label column is an index into one of these lists. */
export interface LabelTables {
  readonly versions: readonly string[];
  readonly endpoints: readonly string[];
  readonly addresses: readonly string[];
}
