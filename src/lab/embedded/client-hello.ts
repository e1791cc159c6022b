/**
 * Reads the server name of a TLS ClientHello without taking part in the handshake, as Envoy's tls_inspector
 * does: so that a connection can be reset before a single byte is answered (RFC 8446 section 4.1.2, RFC 6066
 * section 3).
 */
export type ServerName =
  /** More bytes are needed. */
  | { readonly state: 'incomplete' }
  | { readonly state: 'not-tls' }
  /** Null: the client sent no server name. */
  | { readonly state: 'read'; readonly name: string | null };

/** A ClientHello with post-quantum keys has about 2 KiB; Envoy reads up to 64 KiB. */
const MAX_HELLO = 65_536;

/** @param bytes all that came on the connection so far */
export function readServerName(bytes: Uint8Array): ServerName {
  const hello = handshakeMessage(bytes);
  if (!(hello instanceof Uint8Array)) return { state: hello };
  try {
    return { state: 'read', name: serverNameOf(new Reader(hello)) };
  } catch (error) {
    if (error instanceof RangeError) return { state: 'not-tls' };
    throw error;
  }
}

/** The ClientHello's content, put together from as many records as it takes. */
function handshakeMessage(bytes: Uint8Array): Uint8Array | 'incomplete' | 'not-tls' {
  const parts: Uint8Array[] = [];
  let at = 0;
  let have = 0;
  for (;;) {
    if (bytes.length > at && bytes[at] !== 22) return 'not-tls';
    if (bytes.length > at + 1 && bytes[at + 1] !== 3) return 'not-tls';
    if (bytes.length < at + 5) return 'incomplete';
    const length = ((bytes[at + 3] as number) << 8) | (bytes[at + 4] as number);
    if (length === 0 || bytes.length > MAX_HELLO) return 'not-tls';
    const part = bytes.subarray(at + 5, at + 5 + length);
    parts.push(part);
    have += part.length;
    at += 5 + length;
    if (have >= 4) {
      const message = Buffer.concat(parts);
      if (message[0] !== 1) return 'not-tls';
      const size = message.readUIntBE(1, 3);
      if (size > MAX_HELLO) return 'not-tls';
      if (have >= 4 + size) return message.subarray(4, 4 + size);
    }
    if (bytes.length < at) return 'incomplete';
  }
}

/** @throws RangeError when lengths do not fit */
function serverNameOf(hello: Reader): string | null {
  hello.skip(2 + 32); // version, random
  hello.skip(hello.number(1)); // session id
  hello.skip(hello.number(2)); // cipher suites
  hello.skip(hello.number(1)); // compression methods
  if (hello.left === 0) return null;
  const extensions = hello.sub(hello.number(2));
  while (extensions.left > 0) {
    const type = extensions.number(2);
    const content = extensions.sub(extensions.number(2));
    if (type !== 0) continue;
    const names = content.sub(content.number(2));
    const kind = names.number(1);
    const name = names.take(names.number(2));
    return kind === 0 ? Buffer.from(name).toString('latin1').toLowerCase() : null;
  }
  return null;
}

class Reader {
  #at = 0;

  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  take(length: number): Uint8Array {
    if (length > this.left) throw new RangeError('a length goes beyond the end');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  skip(length: number): void {
    this.take(length);
  }

  sub(length: number): Reader {
    return new Reader(this.take(length));
  }

  /** A big-endian number. */
  number(width: 1 | 2): number {
    return this.take(width).reduce((value, byte) => value * 256 + byte, 0);
  }
}
