/** What lanes of all drivers have in common: the fields of a request and its response, and the kept body. */
import { NO_LABEL } from '../../blocks/sample-block.js';
import type { BodyBytes } from '../body-bytes.js';
import { KeptBody } from './kept-body.js';
import type { GiveUpReason, Lane, LaneOwner } from './lane.js';

const NO_HEADERS: readonly Buffer[] = [];

/** Base class of lanes. A driver adds how a request is sent; see {@link Lane} for the fields. */
export abstract class BaseLane
  implements Omit<Lane, 'header' | 'open' | 'ready' | 'start' | 'giveUp' | 'disconnect' | 'close'>
{
  busy = false;
  waited = false;
  dueUs = 0;
  startUs = Number.NaN;
  readyUs = Number.NaN;
  sendUs = Number.NaN;
  firstByteUs = Number.NaN;
  status = 0;
  bodyBytes = 0;
  phase = 0;
  sequence = 0;
  address = NO_LABEL;
  serial = 0;
  giveUpReason: GiveUpReason | null = null;

  /** See `headers`. */
  protected headerList: readonly Buffer[] = NO_HEADERS;
  /** Whether body bytes that are received are kept. */
  protected keepBody = false;
  protected readonly kept = new KeptBody();

  constructor(readonly owner: LaneOwner) {}

  get headers(): readonly Buffer[] {
    return this.headerList;
  }

  get body(): BodyBytes {
    return this.kept;
  }

  /** Resets the fields for a new request: the first thing that `start` does. */
  protected begin(dueUs: number, phase: number, sequence: number): void {
    this.busy = true;
    this.dueUs = dueUs;
    this.startUs = this.owner.now();
    this.readyUs = this.startUs;
    this.sendUs = Number.NaN;
    this.firstByteUs = Number.NaN;
    this.status = 0;
    this.headerList = NO_HEADERS;
    this.bodyBytes = 0;
    this.phase = phase;
    this.sequence = sequence;
    this.giveUpReason = null;
    this.keepBody = false;
    this.kept.clear();
  }

  /** Takes body bytes that were received. */
  protected receiveBody(chunk: Buffer): void {
    this.markFirstByte();
    this.bodyBytes += chunk.length;
    if (this.keepBody) this.kept.add(chunk, 0, chunk.length, this.owner.bodyLimitBytes);
  }

  /** Sets `firstByteUs` to now unless it is set: at body bytes, and at the end of a response without a body. */
  protected markFirstByte(): void {
    if (Number.isNaN(this.firstByteUs)) this.firstByteUs = this.owner.now();
  }
}
