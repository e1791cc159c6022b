/**
 * What the load loop sends on: one request at a time, on a connection of its own (HTTP/1.1) or as a stream of
 * one (HTTP/2). Lanes are used again for every request, so that a request costs no closure, promise or object.
 */

import { NO_LABEL } from '../../blocks/sample-block.js';
import { KeptBody } from './kept-body.js';

/** Larger response heads fail as `too-large`. */
export const MAX_HEADER_BYTES = 64 * 1024;

const NO_HEADERS: readonly Buffer[] = [];

/** The request under way, or the last one: what becomes of it in a row of samples. */
export interface Lane {
  /** A request is under way. */
  readonly busy: boolean;
  /** Times on the run clock; see SampleBlock. */
  readonly dueUs: number;
  /** When the request was handed over; the time-out counts from here. */
  readonly startUs: number;
  readonly sendUs: number;
  readonly firstByteUs: number;
  /** 0 until the response's head came. */
  readonly status: number;
  /** Flat: name, value, name, value, … as they came. */
  readonly headers: readonly Buffer[];
  readonly bodyBytes: number;
  readonly phase: number;
  readonly sequence: number;
  /** Interned address of the socket in use, or of the one that is being opened. */
  readonly address: number;
  /** Serial number of the socket in use. */
  readonly serial: number;
  /** Set before a request is given up: what its failure shall be called. */
  readonly giveUpReason: GiveUpReason | null;

  /** The kept part of the body. */
  body(): Buffer;
  /** Whether it can take a request now; if not, its owner is told when it can (`freed`). */
  ready(): boolean;
  /** Sends a request. The lane must not be busy. */
  start(dueUs: number, phase: number, sequence: number): void;
  /** Gives up on the request under way; the owner's `finished` follows. */
  giveUp(as: GiveUpReason): void;
  /** Closes what is open; nothing must be under way. */
  close(): void;
}

/** The request that a lane carries, and what came of its response: the same whatever carries it. */
export abstract class BaseLane implements Omit<Lane, 'ready' | 'start' | 'giveUp' | 'close'> {
  busy = false;
  dueUs = 0;
  startUs = 0;
  sendUs = Number.NaN;
  firstByteUs = Number.NaN;
  status = 0;
  headers: readonly Buffer[] = NO_HEADERS;
  bodyBytes = 0;
  phase = 0;
  sequence = 0;
  address = NO_LABEL;
  serial = 0;
  giveUpReason: GiveUpReason | null = null;

  /** Whether what comes of the body is kept. */
  protected keepBody = false;
  protected readonly kept = new KeptBody();

  constructor(readonly owner: LaneOwner) {}

  body(): Buffer {
    return this.kept.bytes;
  }

  protected begin(dueUs: number, phase: number, sequence: number): void {
    this.busy = true;
    this.dueUs = dueUs;
    this.startUs = this.owner.now();
    this.sendUs = Number.NaN;
    this.firstByteUs = Number.NaN;
    this.status = 0;
    this.headers = NO_HEADERS;
    this.bodyBytes = 0;
    this.phase = phase;
    this.sequence = sequence;
    this.giveUpReason = null;
    this.keepBody = false;
    this.kept.clear();
  }

  /** Some of the body came. */
  protected take(chunk: Buffer): void {
    this.firstByteAtLatest();
    this.bodyBytes += chunk.length;
    if (this.keepBody) this.kept.add(chunk, this.owner.bodyLimitBytes);
  }

  /** The first byte has come by now: where it counts from the body, or the response has none. */
  protected firstByteAtLatest(): void {
    if (Number.isNaN(this.firstByteUs)) this.firstByteUs = this.owner.now();
  }
}

export type GiveUpReason = 'timeout' | 'connect-timeout' | 'cut-off';

/** What the loop that owns the lanes is told. */
export interface LaneOwner {
  readonly now: () => number;
  /** Whether the body of this reply is to be kept (up to the bound) for `finished`. */
  wantsBody(status: number): boolean;
  readonly bodyLimitBytes: number;
  /**
   * A response's first byte is the first of its body: `firstByteUs` is taken then, or at the end of a response
   * that has none, and not when the head is there.
   */
  readonly firstByteAtBody: boolean;
  /** A request ended: `error` is null after a whole response. The lane is free again. */
  finished(lane: Lane, error: unknown): void;
  /** A lane that was not ready is. */
  freed(lane: Lane): void;
  /** HTTP/2: the server allows fewer streams on a connection than the plan has. */
  streamLimitReceived(limit: number): void;
  /** A socket is about to be opened; gives the interned number of its address. */
  connecting(address: string): number;
  /** A socket was opened; gives the interned number of its address. */
  opened(address: string, connectUs: number): number;
  /** Gives a new socket its serial number. */
  nextConnectionSerial(): number;
}
