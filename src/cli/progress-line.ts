/** Shows the progress of a run: on a terminal one line that is redrawn, elsewhere a new line every few seconds. */
import type { LiveCounts } from '../analysis/live-counts.js';
import { type ProgressGoal, type ProgressPoint, progressLine } from '../report/progress.js';
import type { RunProgress } from './run-progress.js';

const TERMINAL_EVERY_MS = 250;
const PIPE_EVERY_MS = 5000;
const PIPE_COLUMNS = 120;

export class ProgressLine implements RunProgress {
  readonly #everyMs: number;
  readonly #redrawn: boolean;
  #goal: ProgressGoal = { requests: null, durationMs: null };
  #startMs = 0;
  #drawnMs = 0;
  #before: ProgressPoint | null = null;
  #drawn = false;

  /** @param plain lines without control characters, also on a terminal */
  constructor(
    readonly stream: NodeJS.WriteStream,
    plain = false,
  ) {
    this.#redrawn = stream.isTTY && !plain;
    this.#everyMs = this.#redrawn ? TERMINAL_EVERY_MS : PIPE_EVERY_MS;
  }

  /** The load begins. */
  begin(goal: ProgressGoal): void {
    this.#goal = goal;
    this.#startMs = performance.now();
    this.#drawnMs = this.#startMs;
  }

  /** Draws the line, if the last one is old enough. */
  update(live: () => LiveCounts): void {
    const nowMs = performance.now();
    if (nowMs - this.#drawnMs < this.#everyMs) return;
    this.#drawnMs = nowMs;
    const point: ProgressPoint = { elapsedMs: nowMs - this.#startMs, live: live() };
    const { stream } = this;
    // A terminal that does not know its width says 0.
    const columns = stream.isTTY ? (stream.columns || PIPE_COLUMNS) - 1 : PIPE_COLUMNS;
    const line = progressLine(point, this.#before, this.#goal, columns);
    this.#before = point;
    if (this.#redrawn) {
      stream.write(`\r${line}\u001b[K`);
      this.#drawn = true;
    } else {
      stream.write(`${line}\n`);
    }
  }

  /** Removes the line from the terminal. */
  end(): void {
    if (this.#drawn) this.stream.write('\r\u001b[K');
    this.#drawn = false;
  }
}
