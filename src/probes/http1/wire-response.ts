/** The response side of a lane of the wire driver: what the parser tells becomes the lane's fields. */
import { BaseLane } from '../lane/base-lane.js';
import type { LaneOwner } from '../lane/lane.js';
import type { CookieJar } from '../request/cookie-jar.js';
import { headerValues } from '../response/raw-headers.js';
import type { Llhttp } from './llhttp.js';
import { ResponseParser, type ResponseSink } from './response-parser.js';

export abstract class WireResponse extends BaseLane implements ResponseSink {
  protected readonly parser: ResponseParser;

  /** @param jar takes the cookies; null if they are not kept */
  constructor(
    owner: LaneOwner,
    protected readonly llhttp: Llhttp,
    protected readonly jar: CookieJar | null,
  ) {
    super(owner);
    this.parser = new ResponseParser(llhttp, this);
  }

  override get headers(): readonly Buffer[] {
    return this.status === 0 ? super.headers : this.parser.head.buffers;
  }

  header(lowerCaseName: string): string | null {
    return this.status === 0 ? null : this.parser.head.find(lowerCaseName);
  }

  // ResponseSink

  headReceived(status: number): void {
    if (!this.owner.firstByteAtBody) this.firstByteUs = this.owner.now();
    this.status = status;
    this.jar?.take(headerValues(this.headers, 'set-cookie'), this.owner.now());
    this.keepBody = this.owner.wantsBody(status);
  }

  bodyReceived(at: number, length: number): void {
    this.markFirstByte();
    this.bodyBytes += length;
    if (this.keepBody) this.kept.add(this.llhttp.memory, at, length, this.owner.bodyLimitBytes);
  }
}
