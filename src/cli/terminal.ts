/** The terminal's width, and whether output to it is coloured. */

const PIPE_COLUMNS = 100;
const FEWEST_COLUMNS = 20;

interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The terminal's width; if it is not a terminal, the value of COLUMNS.
 *
 * @param otherwise the width if neither is known
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
 * The style of a report on standard output.
 *
 * @param color false: never coloured
 */
export function stdoutStyle(color: boolean): { readonly columns: number; readonly color: boolean } {
  return {
    columns: terminalColumns(process.stdout, process.env),
    color: useColor(!color, process.stdout, process.env),
  };
}

/** Whether to use colours. NO_COLOR turns them off with any value that is not empty (https://no-color.org). */
export function useColor(off: boolean, stream: Stream, environment: Environment): boolean {
  if (off || (environment['NO_COLOR'] ?? '') !== '') return false;
  return stream.isTTY === true && environment['TERM'] !== 'dumb';
}
