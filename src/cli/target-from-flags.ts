/** Options → what they say about the target. */
import { readFileSync } from 'node:fs';
import { UserError } from '../errors.js';
import type { Target, TlsPlan } from '../plan/plan.js';
import type { TargetFlags } from '../plan/target.js';
import { type Flags, many, on, one } from './flags.js';

/**
 * @throws UserError naming the option, for files that cannot be read
 */
export function readTargetFlags(flags: Flags): TargetFlags {
  const data = one(flags, 'data');
  return {
    host: one(flags, 'host'),
    sni: one(flags, 'sni'),
    resolve: many(flags, 'resolve'),
    connectTo: many(flags, 'connect-to'),
    unixSocket: one(flags, 'unix-socket'),
    method: one(flags, 'method'),
    headers: many(flags, 'header'),
    body:
      data === undefined
        ? null
        : data.startsWith('@')
          ? readFile(data.slice(1), '--data')
          : Buffer.from(data),
    tls: readTlsFlags(flags),
  };
}

function readTlsFlags(flags: Flags): TlsPlan {
  const pem = (name: string): string | null => {
    const file = one(flags, name);
    if (file === undefined) return null;
    const text = readFile(file, `--${name}`).toString('utf8');
    if (!text.includes('-----BEGIN ')) throw new UserError(`--${name}: ${file} is not a PEM file.`);
    return text;
  };
  const tls = { verify: !on(flags, 'insecure'), ca: pem('cacert'), cert: pem('cert'), key: pem('key') };
  if ((tls.cert === null) !== (tls.key === null)) {
    throw new UserError('--cert and --key belong together: give both.');
  }
  return tls;
}

/**
 * @throws UserError for TLS options with a target that has no TLS
 */
export function checkTlsFlags(target: Target, flags: Flags): void {
  if (target.scheme === 'https') return;
  for (const name of ['sni', 'cacert', 'cert', 'key', 'insecure']) {
    if (flags[name] !== undefined && flags[name] !== false) {
      throw new UserError(`--${name} is about TLS, but ${target.url} is plain HTTP: use https://.`);
    }
  }
}

function readFile(file: string, flag: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UserError(
      `${flag}: ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}).`,
    );
  }
}
