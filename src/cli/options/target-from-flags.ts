/** Options → what they say about the target. */
import { closeSync, openSync, readSync } from 'node:fs';
import { UserError } from '../../errors.js';
import type { Note, Target, TlsPlan } from '../../plan/plan.js';
import type { TargetOptions } from '../../plan/target/options.js';
import { headersLeftOutOfHttp2 } from '../../probes/http2/http2-request.js';
import { type Flags, many, on, one } from './flags.js';

/** Bodies, certificates and keys: what is sent or shown with every request shall not fill the memory. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;
const PIECE_BYTES = 64 * 1024;

/**
 * @throws UserError naming the option, for files that cannot be read
 */
export function readTargetFlags(flags: Flags): TargetOptions {
  const data = one(flags, 'data');
  return {
    host: one(flags, 'host'),
    sni: one(flags, 'sni'),
    resolve: many(flags, 'resolve'),
    connectTo: many(flags, 'connect-to'),
    unixSocket: one(flags, 'unix-socket'),
    http2: on(flags, 'http2'),
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

/** Headers that are not sent because HTTP/2 has no place for them. */
export function http2Notes(target: Target): Note[] {
  const names = target.protocol === 'h2' ? headersLeftOutOfHttp2(target) : [];
  if (names.length === 0) return [];
  const text = `Not sent, because HTTP/2 has no such header: ${names.join(', ')}.`;
  return [{ code: 'http2-headers', text }];
}

function readFile(file: string, flag: string): Buffer {
  try {
    const bytes = readAtMost(file, MAX_FILE_BYTES + 1);
    if (bytes.length > MAX_FILE_BYTES) {
      throw new UserError(`${flag}: ${file} is larger than ${MAX_FILE_BYTES / 1024 / 1024} MiB.`);
    }
    return bytes;
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      `${flag}: ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}).`,
    );
  }
}

/** The beginning of a file, which may be a device or a pipe without an end. */
function readAtMost(file: string, most: number): Buffer {
  const descriptor = openSync(file, 'r');
  try {
    const pieces: Buffer[] = [];
    for (let left = most; left > 0; ) {
      const piece = Buffer.allocUnsafe(Math.min(left, PIECE_BYTES));
      const length = readSync(descriptor, piece);
      if (length === 0) break;
      pieces.push(piece.subarray(0, length));
      left -= length;
    }
    return Buffer.concat(pieces);
  } finally {
    closeSync(descriptor);
  }
}
