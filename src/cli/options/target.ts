/** The options for where requests go, and what is requested. */
import { existsSync } from 'node:fs';
import { UserError } from '../../errors.js';
import type { PlanOptions, TlsOptions } from '../../plan/plan-options.js';
import { type Flags, many, on, one, read, toggle, value } from './flags.js';
import { HEADER_FLAGS, parseHeaders } from './headers.js';
import { readInput } from './input-file.js';

export const TARGET_FLAGS = {
  host: value('Host header, without changing the address connected to', { sets: 'host', common: true }),
  sni: value('server name of the TLS handshake (default: the Host, without its port)', { sets: 'sni' }),
  resolve: value('HOST:PORT:ADDRESS[,ADDRESS]…, as in curl, but all addresses are used; may be repeated', {
    sets: 'resolve',
  }),
  'connect-to': value(
    'HOST1:PORT1:HOST2:PORT2, as in curl; if repeated for the same HOST1:PORT1, connections are divided among them',
    { sets: 'connectTo' },
  ),
  'unix-socket': value('connect to this Unix socket', { sets: 'unixSocket' }),
  http2: toggle('HTTP/2: by ALPN over TLS; with prior knowledge (h2c) over http:// and Unix sockets', {
    sets: 'http2',
  }),
  method: value('request method', {
    alias: ['m', 'X'],
    defaultDescription: 'GET, with -d POST',
    sets: 'method',
    shown: '-m',
  }),
  ...HEADER_FLAGS,
  data: value('request body; @FILE reads it from a file', { alias: 'd', sets: 'body', reads: '@file' }),
  'no-values': toggle('send double braces, as in {{uuid}}, as they are', { sets: 'values' }),
  cacert: value('certificate authorities to trust (PEM)', { sets: 'tls.ca', reads: 'file' }),
  cert: value('client certificate (PEM)', { sets: 'tls.cert', reads: 'file' }),
  key: value('key of the client certificate (PEM)', { sets: 'tls.key', reads: 'file' }),
  insecure: toggle('do not verify the certificate', { alias: 'k', sets: 'tls.verify', common: true }),
};

/**
 * @param url the URL on the command line, undefined when there is none
 * @throws UserError naming the flag, for files that cannot be read, and for a manifest given as the URL
 */
export function parseTarget(url: string | undefined, flags: Flags): PlanOptions {
  refuseFileAsUrl(url);
  return {
    url,
    host: one(flags, 'host'),
    sni: one(flags, 'sni'),
    resolve: many(flags, 'resolve'),
    connectTo: many(flags, 'connect-to'),
    unixSocket: one(flags, 'unix-socket'),
    http2: on(flags, 'http2'),
    method: one(flags, 'method'),
    ...parseHeaders(flags),
    body: read(flags, 'data', (text, flag) => (text.startsWith('@') ? readInput(text.slice(1), flag) : text)),
    values: !on(flags, 'no-values'),
    tls: parseTls(flags),
  };
}

function parseTls(flags: Flags): TlsOptions {
  return {
    verify: !on(flags, 'insecure'),
    ca: read(flags, 'cacert', readPem),
    cert: read(flags, 'cert', readPem),
    key: read(flags, 'key', readPem),
  };
}

function readPem(file: string, flag: string): string {
  const text = readInput(file, flag).toString('utf8');
  if (!text.includes('-----BEGIN ')) throw new UserError(`${flag}: ${file} is not a PEM file.`);
  return text;
}

/** The shell turns `-f *.yaml` into `-f a.yaml b.yaml`, and b.yaml would be taken for a host. */
function refuseFileAsUrl(text: string | undefined): void {
  if (text !== undefined && /\.(ya?ml|json)$/i.test(text) && existsSync(text)) {
    throw new UserError(`'${text}' is a file, not a URL. Give each manifest its own -f, or give the folder.`);
  }
}
