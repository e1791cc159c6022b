/** A lane of HTTP/1.1 whose socket is made of the bytes that a test gives it, without a network. */
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { PHASE } from '../../../src/blocks/sample-block.js';
import { llhttp } from '../../../src/probes/http1/llhttp.js';
import { requestBytes } from '../../../src/probes/http1/request-bytes.js';
import { prepareRequest, UndiciLane } from '../../../src/probes/http1/undici-lane.js';
import { WireLane } from '../../../src/probes/http1/wire-lane.js';
import type { Connector, Reader } from '../../../src/probes/lane/connector.js';
import type { Lane, LaneOwner } from '../../../src/probes/lane/lane.js';
import { classifyFailure } from '../../../src/probes/response/failure.js';
import { planFor } from '../plan.js';
import type { ResponseCase } from './response.js';

export type Http1Driver = 'wire' | 'undici';

/** What became of a request. */
export interface Taken {
  readonly status: number;
  readonly outcome: string;
  readonly bodyBytes: number;
  /** The beginning of the body, Latin-1. */
  readonly body: string;
  /** `name: value` of each field, Latin-1. */
  readonly fields: readonly string[];
  /** Whether the connection can take another request. */
  readonly kept: boolean;
}

const BODY_LIMIT = 65_536;
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** One request of a driver, on a socket of its own. */
export class FedLane {
  readonly #lane: Lane;
  #socket: Duplex | null = null;
  #reader: Reader | undefined;
  #result: Omit<Taken, 'kept'> | null = null;
  /** Requests that were written, with their bytes. */
  written = '';
  unasked = 0;
  sockets = 0;

  constructor(driver: Http1Driver, method: ResponseCase['method'] = undefined) {
    const plan = planFor('http://127.0.0.1:9/', { load: { driver } });
    const target = { ...plan.target, method: method ?? 'GET' };
    const connectTo = target.connectTo[0] as (typeof target.connectTo)[number];
    const connector: Connector = (callback, reader) => {
      const socket = this.#open(reader);
      queueMicrotask(() => callback(null, socket as Socket));
      return socket as Socket;
    };
    const place = { connectTo, connector };
    this.#lane =
      driver === 'wire'
        ? new WireLane(this.#owner(), llhttp(), place, requestBytes(target))
        : new UndiciLane(this.#owner(), place, prepareRequest(target));
  }

  /** Opens the connection before the first request. */
  open(): Promise<boolean> {
    return new Promise((resolve) => this.#lane.open(resolve));
  }

  /** Starts a request and waits until it was written. */
  async send(): Promise<void> {
    this.#result = null;
    const before = this.written.length;
    this.#lane.start(0, PHASE.measured, 0);
    for (let i = 0; i < 8 && this.written.length === before; i += 1) await turn();
  }

  /** Gives the lane bytes that its socket receives, as one piece. */
  feed(piece: Buffer): void {
    const socket = this.#socket;
    if (socket === null || socket.destroyed) return;
    if (this.#reader === undefined) {
      socket.push(piece);
      return;
    }
    const { buffer, read } = this.#reader;
    for (let at = 0; at < piece.length && !socket.destroyed; at += buffer.length) {
      read(piece.copy(buffer, 0, at));
    }
  }

  /** Whether what was fed has been read. */
  async settle(): Promise<void> {
    await turn();
  }

  /** The server closes or resets the connection. */
  async hangUp(how: 'close' | 'reset'): Promise<void> {
    const socket = this.#socket;
    if (socket === null || socket.destroyed) return;
    if (how === 'reset') socket.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));
    else if (socket.push(null) || this.#reader !== undefined) socket.resume();
    for (let i = 0; i < 4; i += 1) await turn();
  }

  /** What became of the request; a request that goes on is given up as after a time-out. */
  async taken(): Promise<Taken> {
    for (let i = 0; i < 3; i += 1) await turn();
    if (this.#result === null) this.#lane.giveUp('timeout');
    for (let i = 0; i < 4 && this.#result === null; i += 1) await turn();
    if (this.#result === null) throw new Error('the request did not end');
    const socket = this.#socket;
    return { ...(this.#result as Omit<Taken, 'kept'>), kept: socket !== null && !socket.destroyed };
  }

  close(): void {
    this.#lane.close();
  }

  #open(reader: Reader | undefined): Duplex {
    this.sockets += 1;
    this.#reader = reader;
    const socket = new Duplex({
      read() {},
      write: (chunk: Buffer, _encoding, done) => {
        this.written += chunk.toString('latin1');
        done();
      },
      allowHalfOpen: false,
    });
    const more = {
      remoteAddress: '127.0.0.1',
      remotePort: 9,
      ref() {},
      unref() {},
      setKeepAlive() {},
      setNoDelay() {},
    };
    socket.on('error', () => {});
    this.#socket = socket;
    return Object.assign(socket, more);
  }

  #owner(): LaneOwner {
    return {
      now: () => performance.now() * 1000,
      requestsPerConnection: Number.POSITIVE_INFINITY,
      bodyLimitBytes: BODY_LIMIT,
      firstByteAtBody: false,
      wantsBody: () => true,
      finished: (lane, error) => {
        if (this.#result !== null) throw new Error('the request ended twice');
        const stage = { tls: false, sent: !Number.isNaN(lane.sendUs), headSeen: lane.status !== 0 };
        const fields: string[] = [];
        for (let i = 0; i < lane.headers.length; i += 2) {
          fields.push(`${text(lane.headers[i])}: ${text(lane.headers[i + 1])}`);
        }
        this.#result = {
          status: lane.status,
          outcome: error === null ? 'ok' : (lane.giveUpReason ?? classifyFailure(error, stage)),
          bodyBytes: lane.bodyBytes,
          body: lane.body.bytes.toString('latin1'),
          fields,
        };
      },
      becameReady() {},
      streamLimitReceived() {},
      unaskedBytes: () => {
        this.unasked += 1;
      },
      connecting: () => 0,
      opened: () => 0,
      nextConnectionSerial: () => this.sockets,
    };
  }
}

function text(bytes: Buffer | undefined): string {
  return bytes?.toString('latin1') ?? '';
}
