import type { Paint } from '../layout/grid.js';
import type { LiveCell } from './columns.js';

/** The colour of what failed a check. */
export function ifFailed(failed: boolean, paint: Paint): Pick<LiveCell, 'paint'> {
  return failed ? { paint: (text) => paint('fail', text) } : {};
}
