/**
 * When requests are written on connections that are open. A server may have closed such a connection, or sent bytes that
 * nobody asked for, and the event loop may not have seen it yet. So a request waits until the loop has looked at all
 * sockets once more. All requests that wait share two rounds of the loop, and none waits for a timer.
 */

/** A lane with a request to write. */
export interface Writer {
  /** It may write now. */
  write(): void;
}

/** Those who wait. It keeps the memory of its list, which an Array that is emptied does not. */
class Queue {
  readonly #writers: Writer[] = [];
  length = 0;

  push(writer: Writer): void {
    this.#writers[this.length] = writer;
    this.length += 1;
  }

  /** Lets all of them write. None is added meanwhile. */
  write(): void {
    for (let i = 0; i < this.length; i += 1) (this.#writers[i] as Writer).write();
    this.length = 0;
  }
}

class WriteTurn {
  /** Whether the loop is giving bytes to a connection now: of this round, the look at the sockets is under way. */
  looking = false;
  /** Those that may write after this round's look at the sockets, and those after the next one's. */
  #first = new Queue();
  #second = new Queue();
  #set = false;
  readonly #go = () => this.#write();

  /**
   * Calls `write` once, when the loop has looked at all sockets.
   *
   * @param looking the look of this round is under way, so that the next one counts
   */
  add(writer: Writer, looking: boolean): void {
    (looking ? this.#second : this.#first).push(writer);
    this.#setImmediate();
  }

  #setImmediate(): void {
    if (this.#set) return;
    this.#set = true;
    setImmediate(this.#go);
  }

  #write(): void {
    this.#set = false;
    const writers = this.#first;
    this.#first = this.#second;
    if (this.#first.length > 0) this.#setImmediate();
    writers.write();
    this.#second = writers;
  }
}

/** The one of this thread. */
export const writeTurn = new WriteTurn();
