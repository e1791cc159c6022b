/** Virtual time: what is to happen, in order. */

interface Entry {
  readonly atMs: number;
  readonly order: number;
  readonly happen: (atMs: number) => void;
}

export class Events {
  private readonly heap: Entry[] = [];
  private order = 0;

  at(atMs: number, happen: (atMs: number) => void): void {
    const entry = { atMs, order: this.order++, happen };
    const { heap } = this;
    let i = heap.push(entry) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!before(entry, heap[parent] as Entry)) break;
      heap[i] = heap[parent] as Entry;
      i = parent;
    }
    heap[i] = entry;
  }

  /** Goes on until nothing is left. */
  run(): void {
    for (let next = this.pop(); next !== null; next = this.pop()) next.happen(next.atMs);
  }

  private pop(): Entry | null {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first ?? null;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1] as Entry, heap[child] as Entry)) child += 1;
      if (!before(heap[child] as Entry, last)) break;
      heap[i] = heap[child] as Entry;
      i = child;
    }
    heap[i] = last;
    return first;
  }
}

/** Of equal times, what was asked for first. */
function before(a: Entry, b: Entry): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
