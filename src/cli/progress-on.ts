/** How a run is shown: as a live view on a terminal, one line that is redrawn, or plain lines. */
import { ProgressLine } from './progress-line.js';
import type { RunProgress } from './run-progress.js';

export interface ProgressOptions {
  /** False: no live view. */
  readonly tui: boolean;
  readonly color: boolean;
}

/** @param stream standard error */
export async function progressOn(
  stream: NodeJS.WriteStream,
  environment: Readonly<Record<string, string | undefined>>,
  { tui, color }: ProgressOptions,
): Promise<RunProgress> {
  // Logs of builds are terminals at times, and show control characters as they are.
  const plain = (environment['CI'] ?? '') !== '' || environment['TERM'] === 'dumb';
  // A terminal that does not know its size says 0: nothing of several lines can be drawn over.
  const isSized = stream.isTTY && stream.columns > 0 && stream.rows > 0;
  if (plain || !tui || !isSized) return new ProgressLine(stream, plain);
  const { LiveView } = await import('./live-view.js');
  return new LiveView(stream, color);
}
