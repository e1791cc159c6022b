/** The options that select which requests of a saved run are analyzed. */
import { UserError } from '../../errors.js';
import { parseDuration } from '../../plan/units.js';
import { type Cut, parseWhere } from '../../saved/cut/cut.js';
import { type Flags, many, one, read, value } from './flags.js';

export const CUT_FLAGS = {
  since: value('only requests due at this time of the run or later, e.g. 10s', { common: true }),
  until: value('only requests due before this time of the run, e.g. 40s', { common: true }),
  where: value(
    'only requests with version=, endpoint=, address=, status= (503, 5xx) or outcome= this; may be repeated ' +
      '(same key: any of the values; different keys: all must match)',
    { sets: 'cut.where', common: true },
  ),
};

/**
 * @returns undefined if no flag is given
 * @throws UserError naming the flag
 */
export function parseCut(flags: Flags): Cut | undefined {
  const sinceMs = read(flags, 'since', parseDuration) ?? null;
  const untilMs = read(flags, 'until', parseDuration) ?? null;
  if (untilMs !== null && untilMs <= (sinceMs ?? 0)) {
    throw new UserError(
      `--until: no request is due before ${one(flags, 'until')}${sinceMs === null ? '' : ` and after --since ${one(flags, 'since')}`}.`,
    );
  }
  const where = parseWhere(many(flags, 'where'));
  const isAll = sinceMs === null && untilMs === null && Object.keys(where).length === 0;
  return isAll ? undefined : { sinceMs, untilMs, where };
}
