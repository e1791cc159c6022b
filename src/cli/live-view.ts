/**
 * Draws the live view of a run on a terminal, on its alternate screen: what stood on the terminal comes back when it is left, and a
 * resized terminal does not wrap what was drawn, which nothing could erase then. The cursor is never hidden, so that it is there
 * whatever ends the process.
 */
import { createLogUpdate } from 'log-update';
import type { LiveCounts } from '../analysis/live-counts.js';
import type { SoFar } from '../analysis/so-far.js';
import { liveView } from '../report/live/index.js';
import type { LiveGoal } from '../report/live/picture.js';
import type { ProgressPoint } from '../report/progress.js';
import { clearBeforeMessages } from './complain.js';
import { Pause } from './pause.js';
import type { RunProgress } from './run-progress.js';

const EVERY_MS = 250;
/** Drawing takes at most 0.6 % of a core, and figures at most 0.3 %, unless that made the view too slow. */
const DRAWING = [160, EVERY_MS, 1_000] as const;
const FIGURES = [330, 1_000, 3_000] as const;
/** The rate is that of about so long. */
const RATE_OVER_MS = 1000;

/** Clears the alternate screen and goes to it; goes back. Terminals without one ignore both. */
const [ENTER, LEAVE] = ['\u001b[?1049h\u001b[H', '\u001b[?1049l'];
const CLEAR = '\u001b[2J\u001b[H';

const NOTHING: LiveCounts = {
  attributed: 0,
  unattributed: 0,
  failed: 0,
  cutOff: 0,
  before: 0,
  versions: [],
};

export class LiveView implements RunProgress {
  readonly #stream: NodeJS.WriteStream;
  readonly #color: boolean;
  readonly #draw: ReturnType<typeof createLogUpdate>;
  /** The alternate screen is shown. */
  #entered = false;
  /** How many lines were drawn last. */
  #lines = 0;
  #goal: LiveGoal | null = null;
  #timer: NodeJS.Timeout | undefined;
  #startMs = 0;
  #live: (() => LiveCounts) | null = null;
  #askSoFar: (() => SoFar) | null = null;
  #soFar: SoFar | null = null;
  #nextFiguresMs = 0;
  readonly #afterDrawing = new Pause(...DRAWING);
  readonly #afterFigures = new Pause(...FIGURES);
  /** The last ones, of {@link RATE_OVER_MS}. */
  #points: ProgressPoint[] = [];

  /** @param stream a terminal that knows its size */
  constructor(stream: NodeJS.WriteStream, color: boolean) {
    this.#stream = stream;
    this.#color = color;
    this.#draw = createLogUpdate(stream, { showCursor: true });
  }

  begin(goal: LiveGoal): void {
    this.#goal = goal;
    this.#startMs = performance.now();
    this.#stream.on('resize', this.#resized);
    process.on('SIGTSTP', this.#stopped);
    process.on('exit', this.#leave);
    clearBeforeMessages(this.#leave);
    this.#wait(EVERY_MS);
  }

  update(live: () => LiveCounts, soFar: () => SoFar): void {
    this.#live = live;
    this.#askSoFar = soFar;
  }

  end(): void {
    if (this.#goal === null) return;
    this.#goal = null;
    clearTimeout(this.#timer);
    this.#leave();
    this.#stream.off('resize', this.#resized);
    process.off('SIGTSTP', this.#stopped);
    process.off('exit', this.#leave);
    clearBeforeMessages(() => {});
  }

  #wait(ms: number): void {
    // A run that hangs must not be kept alive by being watched.
    this.#timer = setTimeout(() => this.#redraw(), ms).unref();
  }

  #redraw(): void {
    clearTimeout(this.#timer);
    const [goal, { columns, rows }] = [this.#goal, this.#stream];
    if (goal === null) return;
    const fromMs = performance.now();
    if (columns > 0 && rows > 0) {
      this.#askForFigures(fromMs);
      const drawMs = performance.now();
      this.#show(goal, drawMs, { columns, rows });
      this.#wait(this.#afterDrawing.after(performance.now() - drawMs));
    } else {
      this.#wait(EVERY_MS);
    }
  }

  #askForFigures(nowMs: number): void {
    if (this.#askSoFar === null || nowMs < this.#nextFiguresMs) return;
    this.#soFar = this.#askSoFar();
    // A redraw that comes a little early shall not wait for the next one.
    this.#nextFiguresMs = nowMs + this.#afterFigures.after(performance.now() - nowMs) - EVERY_MS / 2;
  }

  #show(goal: LiveGoal, nowMs: number, size: { readonly columns: number; readonly rows: number }): void {
    const now: ProgressPoint = { elapsedMs: nowMs - this.#startMs, live: this.#live?.() ?? NOTHING };
    const since = this.#points.findLastIndex(({ elapsedMs }) => now.elapsedMs - elapsedMs >= RATE_OVER_MS);
    this.#points = [...this.#points.slice(Math.max(0, since)), now];
    const [first] = this.#points;
    const before = first === undefined || first === now ? null : first;
    const picture = { goal, now, before, soFar: this.#soFar };
    const lines = liveView(picture, size, this.#color);
    if (!this.#entered) this.#stream.write(ENTER);
    this.#entered = true;
    // log-update 7.2 does not move lines at the end that are the same in both, so where there are more lines or fewer, all are new.
    if (lines.length !== this.#lines) this.#draw.clear();
    this.#lines = lines.length;
    this.#draw(lines.join('\n'));
  }

  /** Takes the view off the terminal; the next redraw shows it again. */
  readonly #leave = (): void => {
    if (!this.#entered) return;
    this.#entered = false;
    // Where there is no alternate screen, this is what takes it off.
    this.#draw.clear();
    this.#stream.write(LEAVE);
  };

  readonly #resized = (): void => {
    if (!this.#entered) return;
    this.#stream.write(CLEAR);
    this.#draw.done();
    this.#redraw();
  };

  /** Ctrl-Z: the shell gets its own screen back. */
  readonly #stopped = (): void => {
    this.#leave();
    process.kill(process.pid, 'SIGSTOP');
  };
}
