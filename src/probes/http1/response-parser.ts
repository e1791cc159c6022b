/** Reads one response after the other from the bytes that a connection has read into the shared buffer (llhttp.ts). */
import type { OutcomeName } from '../../blocks/outcome.js';
import { RequestFailure } from '../response/failure.js';
import { CODE, type Llhttp, type ParserEvents } from './llhttp.js';
import { ResponseHead } from './response-head.js';

/** What a response's parts are given to, in the middle of parsing: it must not throw and must not parse. */
export interface ResponseSink {
  /** The final head is complete; `ResponseParser.head` has its fields. */
  headReceived(status: number): void;
  /** Body bytes, which are in the parser's memory. */
  bodyReceived(at: number, length: number): void;
}

const TAB = 0x09;
const SPACE = 0x20;
/** How often the bytes of one read are parsed again, see `#mendLength`. */
const MAX_MENDS = 8;
/** Stops llhttp with an error. */
const STOP = -1;

export class ResponseParser implements ParserEvents {
  readonly head: ResponseHead;
  /** The response is complete. */
  complete = false;
  /** Of a complete response: the server keeps the connection open. */
  keepsAlive = false;
  /** Bytes that came behind a complete response. */
  surplus = 0;
  readonly #llhttp: Llhttp;
  readonly #sink: ResponseSink;
  readonly #parser: number;
  #headMethod = false;
  /** Of the final head; 0 before it. */
  #status = 0;
  #stopped: OutcomeName | null = null;
  /** Puts everything back to where it was when the bytes at hand came; null if they are the first of the response. */
  #putBack: (() => void) | null = null;

  constructor(llhttp: Llhttp, sink: ResponseSink) {
    this.#llhttp = llhttp;
    this.#sink = sink;
    this.#parser = llhttp.allocate();
    this.head = new ResponseHead(llhttp.memory);
  }

  /** Prepares for the response to the next request. */
  begin(headMethod: boolean): void {
    this.#headMethod = headMethod;
    this.complete = false;
    this.keepsAlive = false;
    this.surplus = 0;
    this.#status = 0;
    this.#stopped = null;
    this.#putBack = null;
    this.head.clear();
    this.#llhttp.reset(this.#parser);
  }

  /** Reads so many bytes of the buffer. @returns why they are no response; null if they are, or may become one */
  read(length: number): RequestFailure | null {
    const { head } = this;
    for (let mends = 0; ; mends += 1) {
      const code = this.#llhttp.execute(this.#parser, this, length);
      if (this.complete) {
        this.surplus = length - this.#llhttp.stoppedAt(this.#parser);
        this.keepsAlive = this.#llhttp.keepsAlive(this.#parser);
        return null;
      }
      if (code === CODE.ok) {
        head.keep();
        if (this.#status === 0) this.#remember();
        return null;
      }
      if (code !== CODE.invalidContentLength || mends === MAX_MENDS || !this.#mendLength(length)) {
        return this.#failure(length);
      }
    }
  }

  /** The connection has ended. @returns whether that completes the response */
  finish(): boolean {
    this.#llhttp.finish(this.#parser, this);
    return this.complete;
  }

  /** Frees its memory: it is not used again. */
  free(): void {
    this.#llhttp.free(this.#parser);
  }

  // ParserEvents

  headerName(at: number, length: number): number {
    return this.head.name(at, length) ? 0 : this.#stop('too-large');
  }

  headerValue(at: number, length: number): number {
    return this.head.value(at, length) ? 0 : this.#stop('too-large');
  }

  headComplete(status: number): number {
    // Nobody asked for another protocol.
    if (status < 100 || status === 101) return this.#stop('malformed');
    if (status < 200) {
      this.head.clear();
      return 1;
    }
    this.#status = status;
    this.head.end();
    this.#sink.headReceived(status);
    return this.#headMethod ? 1 : 0;
  }

  body(at: number, length: number): number {
    this.#sink.bodyReceived(at, length);
    return 0;
  }

  messageComplete(): number {
    if (this.#status === 0) return 0;
    this.complete = true;
    return CODE.paused;
  }

  #stop(outcome: OutcomeName): number {
    this.#stopped = outcome;
    return STOP;
  }

  #failure(length: number): RequestFailure {
    if (this.#stopped === 'too-large') return new RequestFailure('too-large', 'Headers Overflow Error');
    const why = this.#stopped === null ? this.#llhttp.reason(this.#parser) : 'Unusable status';
    const received = Buffer.from(this.#llhttp.buffer.subarray(this.#llhttp.stoppedAt(this.#parser), length));
    return new RequestFailure('malformed', `Response does not match the HTTP/1.1 protocol (${why})`, {
      received,
    });
  }

  /** The next bytes may have to be parsed twice. */
  #remember(): void {
    const state = this.#llhttp.save(this.#parser);
    const restoreHead = this.head.save();
    this.#putBack = () => {
      this.#llhttp.restore(this.#parser, state);
      restoreHead();
    };
  }

  /**
   * llhttp refuses a tab behind the number of a Content-Length, where HTTP allows white space (RFC 9110, section 5.5). Such
   * tabs become spaces, and the bytes at hand are parsed again.
   */
  #mendLength(length: number): boolean {
    const { buffer } = this.#llhttp;
    let at = this.#llhttp.stoppedAt(this.#parser);
    if (buffer[at] !== TAB) return false;
    for (; at < length && (buffer[at] === TAB || buffer[at] === SPACE); at += 1) buffer[at] = SPACE;
    if (this.#putBack !== null) {
      this.#putBack();
    } else {
      this.#llhttp.reset(this.#parser);
      this.head.clear();
    }
    return true;
  }
}
