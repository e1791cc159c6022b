/** Reads `-H 'Name: value'` as curl does. */
import { UserError } from '../../errors.js';

/** Headers that belong to the connection: the probe writes them itself. */
const OURS = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'upgrade',
  'expect',
  'te',
]);

export interface GivenHeaders {
  readonly host: string | undefined;
  readonly headers: readonly (readonly [string, string])[];
  /** Lower-case names given as `Name:`: the default of that name is not sent. */
  readonly removed: ReadonlySet<string>;
}

/**
 * @param lines `Name: value`; `Name:` leaves out a default header, `Name;` sends it empty (curl's rules)
 * @throws UserError naming -H
 */
export function readHeaders(lines: readonly string[]): GivenHeaders {
  const headers: [string, string][] = [];
  const removed = new Set<string>();
  let host: string | undefined;
  for (const line of lines) {
    const match = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*(:|;$)\s*(.*)$/s.exec(line);
    if (match === null) throw new UserError(`-H: '${line}' is not a header. Write it as 'Name: value'.`);
    const name = match[1] as string;
    const value = (match[3] as string).trim();
    const key = name.toLowerCase();
    if (/[\x00-\x08\x0a-\x1f\x7f]/.test(value) || /[^\x00-\xff]/.test(value)) {
      throw new UserError(`-H: the value of ${name} has characters that a header cannot carry.`);
    }
    if (OURS.has(key)) {
      const instead =
        key === 'connection' || key === 'keep-alive'
          ? ' Use --no-keepalive or --requests-per-connection.'
          : '';
      throw new UserError(`-H: ${name} is written by weighbridge itself.${instead}`);
    }
    if (key === 'host') {
      host = value;
    } else if (value === '' && match[2] === ':') {
      removed.add(key);
    } else {
      headers.push([name, value]);
    }
  }
  return { host, headers, removed };
}
