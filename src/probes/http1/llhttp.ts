/**
 * llhttp, the HTTP parser of Node.js, as undici carries it in WebAssembly. Each thread has one instance, and one buffer in
 * its memory that all connections are read into: so bytes are parsed where they were read. The package has no `exports` map
 * and its version is pinned exactly, so that the path and the layout below are stable. docs/architecture.md says how to
 * build such a module, should undici's go away.
 */
import { createRequire } from 'node:module';

/** What the parser tells while it parses. Places are offsets in {@link Llhttp.memory}. A value that is not 0 stops it. */
export interface ParserEvents {
  headerName(at: number, length: number): number;
  headerValue(at: number, length: number): number;
  /** 1: the message has no body, whatever its head says. */
  headComplete(status: number): number;
  body(at: number, length: number): number;
  messageComplete(): number;
}

/** The functions of the module that are used; `parser` is the address of one. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  malloc(bytes: number): number;
  free(address: number): void;
  llhttp_alloc(type: number): number;
  llhttp_free(parser: number): void;
  llhttp_reset(parser: number): void;
  llhttp_execute(parser: number, at: number, length: number): number;
  llhttp_finish(parser: number): number;
  llhttp_get_error_pos(parser: number): number;
  llhttp_get_error_reason(parser: number): number;
  llhttp_should_keep_alive(parser: number): number;
}

/** Codes of llhttp that mean something here. */
export const CODE = { ok: 0, invalidContentLength: 11, paused: 21 } as const;

/** A parser of responses. */
const TYPE_RESPONSE = 2;
/** Bytes of the buffer that all connections are read into. */
const READ_BUFFER_BYTES = 64 * 1024;
/**
 * Memory that the module gets at once, for the buffer and about 100,000 parsers. The system gives pages only when they are
 * used. Were it to grow later, the sockets that are open would read into memory that JavaScript does not see any more.
 */
const ARENA_BYTES = 8 * 1024 * 1024;
/** Size of the C structure `llhttp_t` (32-bit). */
const PARSER_BYTES = 64;

export class Llhttp {
  /** The memory of the module. */
  readonly memory: Buffer;
  /** Where the buffer begins that sockets are read into. */
  readonly bufferAt: number;
  /** That buffer. */
  readonly buffer: Buffer;
  readonly #exports: Exports;
  #events: ParserEvents | null = null;

  constructor() {
    this.#exports = instantiate(this.#imports());
    this.#exports.free(this.#exports.malloc(ARENA_BYTES));
    this.bufferAt = this.#exports.malloc(READ_BUFFER_BYTES);
    this.memory = Buffer.from(this.#exports.memory.buffer);
    this.buffer = this.memory.subarray(this.bufferAt, this.bufferAt + READ_BUFFER_BYTES);
  }

  /** The address of a new parser. */
  allocate(): number {
    const parser = this.#exports.llhttp_alloc(TYPE_RESPONSE);
    if (this.#exports.memory.buffer !== this.memory.buffer) throw new Error('too many parsers');
    return parser;
  }

  free(parser: number): void {
    this.#exports.llhttp_free(parser);
  }

  /** Prepares a parser for the next response. */
  reset(parser: number): void {
    this.#exports.llhttp_reset(parser);
  }

  /** Parses so many bytes of the buffer. @returns a code */
  execute(parser: number, events: ParserEvents, length: number): number {
    this.#events = events;
    return this.#exports.llhttp_execute(parser, this.bufferAt, length);
  }

  /** Tells the parser that the connection has ended. @returns a code */
  finish(parser: number, events: ParserEvents): number {
    this.#events = events;
    return this.#exports.llhttp_finish(parser);
  }

  /** Where in the buffer the parser stopped, from 0. */
  stoppedAt(parser: number): number {
    return this.#exports.llhttp_get_error_pos(parser) - this.bufferAt;
  }

  /** Why it stopped, in llhttp's words. */
  reason(parser: number): string {
    const at = this.#exports.llhttp_get_error_reason(parser);
    return at === 0 ? 'unknown' : this.memory.toString('latin1', at, this.memory.indexOf(0, at));
  }

  /** Whether the connection may be used again after the message that is complete. */
  keepsAlive(parser: number): boolean {
    return this.#exports.llhttp_should_keep_alive(parser) !== 0;
  }

  /** A parser's state. It can be put back as long as the parser exists. */
  save(parser: number): Buffer {
    return Buffer.from(this.memory.subarray(parser, parser + PARSER_BYTES));
  }

  restore(parser: number, state: Buffer): void {
    state.copy(this.memory, parser);
  }

  #imports() {
    const events = () => this.#events as ParserEvents;
    return {
      wasm_on_url: () => 0,
      wasm_on_status: () => 0,
      wasm_on_message_begin: () => 0,
      wasm_on_header_field: (_: number, at: number, length: number) => events().headerName(at, length),
      wasm_on_header_value: (_: number, at: number, length: number) => events().headerValue(at, length),
      wasm_on_headers_complete: (_: number, status: number) => events().headComplete(status),
      wasm_on_body: (_: number, at: number, length: number) => events().body(at, length),
      wasm_on_message_complete: () => events().messageComplete(),
    };
  }
}

/** The types of Node 20 leave it out. */
declare const WebAssembly: {
  readonly Module: new (bytes: Buffer) => object;
  readonly Instance: new (module: object, imports: { readonly env: object }) => { readonly exports: Exports };
};

function instantiate(env: object): Exports {
  const require = createRequire(import.meta.url);
  const bytes = require('undici/lib/llhttp/llhttp_simd-wasm.js') as Buffer;
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), { env }).exports;
}

let instance: Llhttp | null = null;

/** The instance of this thread. */
export function llhttp(): Llhttp {
  instance ??= new Llhttp();
  return instance;
}
