/** Events by their time: a binary heap. Events of the same time come in the order in which they were added. */
export class EventQueue<Event> {
  readonly #heap: { at: number; order: number; event: Event }[] = [];
  #order = 0;

  add(at: number, event: Event): void {
    const heap = this.#heap;
    const entry = { at, order: this.#order++, event };
    let place = heap.length;
    heap.push(entry);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const other = heap[parent] as typeof entry;
      if (!isBefore(entry, other)) break;
      heap[place] = other;
      place = parent;
    }
    heap[place] = entry;
  }

  /** Takes the first event, if it is not after `until`. */
  next(until: number): { at: number; event: Event } | null {
    const heap = this.#heap;
    const first = heap[0];
    if (first === undefined || first.at > until) return null;
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) this.#sink(last);
    return first;
  }

  #sink(entry: { at: number; order: number; event: Event }): void {
    const heap = this.#heap;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      const [left, right] = [heap[child], heap[child + 1]];
      if (left === undefined) break;
      if (right !== undefined && isBefore(right, left)) child += 1;
      const smaller = heap[child] as typeof entry;
      if (!isBefore(smaller, entry)) break;
      heap[place] = smaller;
      place = child;
    }
    heap[place] = entry;
  }
}

function isBefore(a: { at: number; order: number }, b: { at: number; order: number }): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
