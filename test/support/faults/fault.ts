/** What a hostile server does, and what a run against it must count. */
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { OutcomeName } from '../../../src/blocks/outcome.js';
import { type RawRequest, response } from '../servers.js';

/** The version that faulty answers name. */
export const FAULTY = 'faulty';

export interface Fault {
  /** What the server does, as the table of docs/faults.md says it. */
  readonly name: string;
  /**
   * Which requests it is done to:
   * - `some`: each third one of 300, the others are answered well;
   * - `stalls`: the first few, each of which holds its connection up to the time-out, the others are answered well;
   * - `all`: all of a few.
   */
  readonly to: 'some' | 'stalls' | 'all';
  /** Outcome of a request that it was done to. */
  readonly outcome: OutcomeName;
  /** Outcomes that it may have instead, as it happens. */
  readonly or?: readonly OutcomeName[];
  /** The version that such a request counts for. */
  readonly version?: string | undefined;
  /** What differs with the driver `undici`. */
  readonly undici?: Pick<Fault, 'outcome' | 'version'>;
  /** What it does instead of a good answer. */
  readonly answer?: (socket: Socket, request: RawRequest) => void;
  /** Options of `weighbridge run` besides where, how many and how long. */
  readonly flags?: Flags;
  /** Over TLS. */
  readonly tls?: TlsFault;
  readonly h2?: H2Fault;
  /** Request bodies of this many bytes are sent. */
  readonly bodyBytes?: number;
  /** So many requests, each on a connection of its own, where more would take too long. */
  readonly requests?: number;
  /** Requests are written that the server never reads. */
  readonly unread?: true;
  /** It is after memory. */
  readonly hungry?: true;
}

/** Options with their values; true for those that take none. */
export type Flags = Readonly<Record<string, string | true>>;

/** Over HTTP/2, with prior knowledge. */
export interface H2Fault {
  /** Frames that a new connection gets; SETTINGS without a value by default. */
  readonly preface?: Buffer;
  /** Done instead of a good answer. */
  readonly answer: (socket: Socket, streamId: number) => void;
}

export interface TlsFault {
  /** `good` when nothing is said. */
  readonly certificate?: 'expired' | 'for another name' | 'self-signed';
  readonly version?: 'TLSv1.2';
  readonly clientCertificate?: 'required';
  /** Done to the TCP connection, instead of TLS. */
  readonly instead?: (socket: Socket) => void;
  /** Done instead of a good answer; `tcp` is what the TLS goes over. */
  readonly answer?: (socket: TLSSocket, tcp: Socket) => void;
}

/** The head of an answer `200` of version {@link FAULTY}. */
export function head(...lines: readonly string[]): string {
  return ['HTTP/1.1 200 OK', `x-version: ${FAULTY}`, ...lines, '', ''].join('\r\n');
}

/** A whole answer of version {@link FAULTY}. */
export const faultyAnswer = response({ headers: { 'x-version': FAULTY } });

/** Writes these bytes (Latin-1) and nothing else. */
export function says(bytes: string): (socket: Socket) => void {
  return (socket) => void socket.write(bytes, 'latin1');
}

/** Writes these bytes and closes the connection. */
export function saysAndEnds(bytes: string): (socket: Socket) => void {
  return (socket) => void socket.end(bytes, 'latin1');
}

/** Writes these bytes and resets the connection once they were read. */
export function saysAndResets(bytes: string): (socket: Socket) => void {
  return (socket) => void socket.write(bytes, 'latin1', () => onceRead(() => socket.resetAndDestroy()));
}

/**
 * Acts when the other end has read what was written to it: after some time, and after a turn of the loop, for a client
 * in this thread. libuv tells of a reset that comes together with bytes as of a usual end.
 */
export function onceRead(action: () => void): void {
  setTimeout(() => setImmediate(() => setImmediate(action)), 30);
}

/** Writes `start`, then `part` again and again, as fast as it is taken. */
export function floods(start: string, part: string): (socket: Socket) => void {
  return (socket) => {
    const bytes = Buffer.from(part.repeat(Math.ceil(65_536 / part.length)), 'latin1');
    const go = () => {
      while (!socket.destroyed && socket.write(bytes));
    };
    socket.on('drain', go);
    // In one piece: what comes with an answer is known to be unasked.
    if (socket.write(Buffer.concat([Buffer.from(start, 'latin1'), bytes]))) go();
  };
}

/** Writes the bytes one at a time, `everyMs` apart, until the connection ends. */
export function drips(bytes: string, everyMs: number): (socket: Socket) => void {
  return (socket) => {
    let sent = 0;
    const timer = setInterval(() => {
      if (sent < bytes.length) socket.write(bytes.charAt(sent++), 'latin1');
      else clearInterval(timer);
    }, everyMs);
    socket.once('close', () => clearInterval(timer));
  };
}
