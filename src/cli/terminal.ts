/** How wide the terminal is, and whether it gets colours. */
import { type Flags, on } from './options/flags.js';

const PIPE_COLUMNS = 100;
const FEWEST_COLUMNS = 20;

interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}
type Environment = Readonly<Record<string, string | undefined>>;

/** The terminal's width; elsewhere what COLUMNS says, else 100. */
export function terminalColumns(stream: Stream, environment: Environment): number {
  if (stream.columns !== undefined && stream.columns > 0) return stream.columns;
  const said = environment['COLUMNS'] ?? '';
  return /^\d{1,4}$/.test(said) && Number(said) >= FEWEST_COLUMNS ? Number(said) : PIPE_COLUMNS;
}

/** How a report on standard output shall look. */
export function stdoutStyle(flags: Flags): { readonly columns: number; readonly color: boolean } {
  return {
    columns: terminalColumns(process.stdout, process.env),
    color: useColor(on(flags, 'no-color'), process.stdout, process.env),
  };
}

/** https://no-color.org: any value that is not empty. */
export function useColor(off: boolean, stream: Stream, environment: Environment): boolean {
  if (off || (environment['NO_COLOR'] ?? '') !== '') return false;
  return stream.isTTY === true && environment['TERM'] !== 'dumb';
}
