/** A table of requests that were sent, with the columns that the search for ejections needs. It grows as needed. */

type Column = Float64Array | Uint16Array | Uint8Array;

const FIRST_SIZE = 256;

/** The first `length` rows are in use. */
export class SentRows {
  length = 0;
  sendUs: Float64Array;
  /** When the first byte of the response came; without one, when the request ended. */
  seenUs: Float64Array;
  /** Slot of the version. */
  slot: Uint16Array;
  /** Label of the endpoint. */
  endpoint: Uint16Array;
  status: Uint16Array;
  /** FATE. */
  fate: Uint8Array;

  /** @param size rows for which it has room at first */
  constructor(size: number = FIRST_SIZE) {
    this.sendUs = new Float64Array(size);
    this.seenUs = new Float64Array(size);
    this.slot = new Uint16Array(size);
    this.endpoint = new Uint16Array(size);
    this.status = new Uint16Array(size);
    this.fate = new Uint8Array(size);
  }

  add(sendUs: number, seenUs: number, slot: number, endpoint: number, status: number, fate: number): void {
    if (this.length === this.sendUs.length) this.#grow(this.length + 1);
    const row = this.length;
    this.sendUs[row] = sendUs;
    this.seenUs[row] = seenUs;
    this.slot[row] = slot;
    this.endpoint[row] = endpoint;
    this.status[row] = status;
    this.fate[row] = fate;
    this.length = row + 1;
  }

  /** Adds a copy of a row. */
  copy(from: SentRows, row: number): void {
    this.add(
      from.sendUs[row] as number,
      from.seenUs[row] as number,
      from.slot[row] as number,
      from.endpoint[row] as number,
      from.status[row] as number,
      from.fate[row] as number,
    );
  }

  /** Adds copies of all rows of a table. */
  append(from: SentRows): void {
    const at = this.length;
    const length = at + from.length;
    if (length > this.sendUs.length) this.#grow(length);
    this.sendUs.set(from.sendUs.subarray(0, from.length), at);
    this.seenUs.set(from.seenUs.subarray(0, from.length), at);
    this.slot.set(from.slot.subarray(0, from.length), at);
    this.endpoint.set(from.endpoint.subarray(0, from.length), at);
    this.status.set(from.status.subarray(0, from.length), at);
    this.fate.set(from.fate.subarray(0, from.length), at);
    this.length = length;
  }

  #grow(length: number): void {
    let size = this.sendUs.length * 2;
    while (size < length) size *= 2;
    this.sendUs = grown(this.sendUs, new Float64Array(size));
    this.seenUs = grown(this.seenUs, new Float64Array(size));
    this.slot = grown(this.slot, new Uint16Array(size));
    this.endpoint = grown(this.endpoint, new Uint16Array(size));
    this.status = grown(this.status, new Uint16Array(size));
    this.fate = grown(this.fate, new Uint8Array(size));
  }
}

function grown<T extends Column>(column: T, larger: T): T {
  larger.set(column);
  return larger;
}
