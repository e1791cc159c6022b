/** How many requests had which status. */

const STATUSES_PER_PAGE = 100;

/** Requests by status. */
export class StatusCounts {
  requests = 0;
  /** By status ÷ 100: few hundreds are ever in use. */
  readonly #pages: (Uint32Array | undefined)[] = new Array(10).fill(undefined);

  add(status: number): void {
    this.requests++;
    // Three digits are all that HTTP/1.1 has; anything else came from no parser.
    const known = status > 999 ? 0 : status;
    const page = (known / STATUSES_PER_PAGE) | 0;
    const counts = this.#pages[page] ?? this.#addPage(page);
    (counts[known - page * STATUSES_PER_PAGE] as number)++;
  }

  merge(other: StatusCounts): void {
    this.requests += other.requests;
    other.#pages.forEach((theirs, page) => {
      if (theirs === undefined) return;
      const ours = this.#pages[page] ?? this.#addPage(page);
      for (let i = 0; i < ours.length; i++) ours[i] = (ours[i] as number) + (theirs[i] as number);
    });
  }

  /** `{"200": 17990, "503": 4}` */
  toRecord(): Record<string, number> {
    const record: Record<string, number> = {};
    this.#pages.forEach((counts, page) => {
      counts?.forEach((count, i) => {
        if (count > 0) record[page * STATUSES_PER_PAGE + i] = count;
      });
    });
    return record;
  }

  #addPage(page: number): Uint32Array {
    const counts = new Uint32Array(STATUSES_PER_PAGE);
    this.#pages[page] = counts;
    return counts;
  }
}
