/**
 * The time in which an open loop spins until a request is due. It looks like work to the system and to Node.js, so that only the
 * loop itself can tell.
 */
export class SpinTime {
  /** Time in which the loop slept until shortly before a request was due, µs. Node.js takes it for work too, and it costs none. */
  sleptUs = 0;
  #us = 0;
  #fromUs = 0;
  #isIdle = false;

  /** All of it so far, µs. */
  get us(): number {
    return this.#us;
  }

  /** The loop goes round once more, because a request is due soon (run clock, µs). */
  begin(nowUs: number): void {
    this.#fromUs = nowUs;
    this.#isIdle = true;
  }

  /** A request ended meanwhile: this round is work. */
  worked(): void {
    this.#isIdle = false;
  }

  /** The round is over. */
  end(nowUs: number): void {
    if (this.#isIdle) this.#us += nowUs - this.#fromUs;
    this.#isIdle = false;
  }
}
