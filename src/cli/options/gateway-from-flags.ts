/** `--envoy-admin` and `--envoy-event-log`: where the gateway's own word comes from. */
import { resolve } from 'node:path';
import type { GatewaySources } from '../../blocks/gateway-observations.js';
import { UserError } from '../../errors.js';
import { isSameFile } from '../../io/same-file.js';
import { outputsIn } from '../outputs.js';
import { type Flags, many, one } from './flags.js';

/**
 * The sources that the options name; undefined when they name none. Whether they can be read, the run finds out.
 *
 * @throws UserError when the event log is one of the files that are written
 */
export function gatewayFromFlags(flags: Flags): GatewaySources | undefined {
  const admins = many(flags, 'envoy-admin');
  const eventLog = eventLogFromFlags(flags) ?? null;
  return admins.length === 0 && eventLog === null ? undefined : { admins, eventLog };
}

/** @throws UserError when it is one of the files that are written */
export function eventLogFromFlags(flags: Flags): string | undefined {
  const file = one(flags, 'envoy-event-log');
  if (file === undefined) return undefined;
  if (file === '' || file === '-') {
    throw new UserError(
      '--envoy-event-log: give the name of a file; it is read while the gateway writes it.',
    );
  }
  const written = ['json', 'csv', 'save', 'samples'].map((flag) => ({ flag, file: one(flags, flag) }));
  const folder = one(flags, 'csv-dir');
  const inFolder = folder === undefined ? [] : outputsIn(folder);
  for (const { flag, file: output } of [...written, ...inFolder]) {
    if (output !== undefined && output !== '-' && isSamePlace(output, file)) {
      throw new UserError(
        `--${flag}: ${output} is the event log that --envoy-event-log reads. Give another name.`,
      );
    }
  }
  return file;
}

function isSamePlace(first: string, second: string): boolean {
  return resolve(first) === resolve(second) || isSameFile(first, second);
}
