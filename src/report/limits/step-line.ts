/** The line that is printed when a step of a search for limits has ended. */
import type { StepResult } from '../../analysis/limits/result.js';
import { count, counted, plain, rate } from '../../text/numbers.js';

/** `256 connections: 2,011/s, 0.4 % refused` */
export function stepLine({
  connections,
  ratePerSecond,
  goodput,
  refusedShare,
  failed,
  purpose,
}: StepResult): string {
  const level =
    connections === null
      ? `${count(ratePerSecond ?? 0)} requests per second`
      : counted(connections, 'connection');
  const recovery = purpose === 'recovery' ? ' (after the load fell)' : '';
  const failures = failed === 0 ? '' : `, ${count(failed)} failed`;
  return `${level}${recovery}: ${rate(goodput)}, ${plain(refusedShare * 100)} % refused${failures}`;
}
