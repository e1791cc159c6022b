/** Sorts row numbers by time. */

/**
 * Row numbers in order of time, to a microsecond; rows of equal time stay in order. Each key has a time and a row number, so
 * plain numbers are sorted, which takes a tenth of the time of sorting with a comparison function.
 */
export class TimeOrder {
  #keys = new Float64Array(1024);
  #rows = 1;

  /** Sorts the rows whose time is at most `untilUs`; returns how many these are. */
  sort(timesUs: Float64Array, length: number, fromUs: number, untilUs: number): number {
    while (this.#keys.length < length) this.#keys = new Float64Array(this.#keys.length * 2);
    this.#rows = this.#keys.length;
    let count = 0;
    for (let row = 0; row < length; row += 1) {
      const us = timesUs[row] as number;
      if (us > untilUs) continue;
      this.#keys[count] = Math.floor(Math.max(0, us - fromUs)) * this.#rows + row;
      count += 1;
    }
    this.#keys.subarray(0, count).sort();
    return count;
  }

  /** The row at a place of the order. */
  row(place: number): number {
    return (this.#keys[place] as number) % this.#rows;
  }
}
