/** `--envoy-admin` and `--envoy-event-log`: where the gateway's own word comes from. */
import { type BigIntStats, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UserError } from '../errors.js';
import type { GatewaySources } from '../gateway/observations.js';
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
  const written = ['json', 'csv', 'save', 'samples'].map((flag) => [flag, one(flags, flag)] as const);
  const folder = one(flags, 'csv-dir');
  const inFolder = ['versions', 'ejections'].map(
    (name) => ['csv-dir', folder === undefined ? undefined : join(folder, `${name}.csv`)] as const,
  );
  for (const [flag, output] of [...written, ...inFolder]) {
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

/** Whether two names are of one file that there is. */
export function isSameFile(first: string, second: string): boolean {
  const [one, other] = [statOf(first), statOf(second)];
  return one !== undefined && other !== undefined && one.dev === other.dev && one.ino === other.ino;
}

function statOf(file: string): BigIntStats | undefined {
  try {
    return statSync(file, { bigint: true, throwIfNoEntry: false });
  } catch {
    // Opening it will say what is wrong.
    return undefined;
  }
}
