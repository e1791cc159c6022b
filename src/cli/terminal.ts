/** How wide the terminal is, and whether it gets colours. */

const PIPE_COLUMNS = 100;
const FEWEST_COLUMNS = 20;

interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The terminal's width; elsewhere what COLUMNS says.
 *
 * @param otherwise where neither is known
 */
export function terminalColumns(
  stream: Stream,
  environment: Environment,
  otherwise: number = PIPE_COLUMNS,
): number {
  if (stream.columns !== undefined && stream.columns > 0) return stream.columns;
  const said = environment['COLUMNS'] ?? '';
  return /^\d{1,4}$/.test(said) && Number(said) >= FEWEST_COLUMNS ? Number(said) : otherwise;
}

/**
 * How a report on standard output shall look.
 *
 * @param color false: without colours, wherever it goes
 */
export function stdoutStyle(color: boolean): { readonly columns: number; readonly color: boolean } {
  return {
    columns: terminalColumns(process.stdout, process.env),
    color: useColor(!color, process.stdout, process.env),
  };
}

/** https://no-color.org: any value that is not empty. */
export function useColor(off: boolean, stream: Stream, environment: Environment): boolean {
  if (off || (environment['NO_COLOR'] ?? '') !== '') return false;
  return stream.isTTY === true && environment['TERM'] !== 'dumb';
}
