/** Cancels a request. An AbortSignal would create an exception for each request. */
export class Cancellation {
  readonly #listeners = new Set<() => void>();
  #done = false;

  get cancelled(): boolean {
    return this.#done;
  }

  /** Calls `listener` once when cancelled, at once if it is already. @returns takes the listener off */
  onCancel(listener: () => void): () => void {
    if (this.#done) listener();
    else this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  cancel(): void {
    if (this.#done) return;
    this.#done = true;
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }
}
