import type { TlsPlan } from '../plan.js';

/** What the flags say about the target; absent ones are undefined. */
export interface TargetOptions {
  readonly host?: string | undefined;
  readonly sni?: string | undefined;
  readonly resolve: readonly string[];
  readonly connectTo: readonly string[];
  readonly unixSocket?: string | undefined;
  /** HTTP/2; false by default. */
  readonly http2?: boolean | undefined;
  readonly method?: string | undefined;
  /** `Name: value` as curl takes them. */
  readonly headers: readonly string[];
  readonly body: Uint8Array | null;
  readonly tls: TlsPlan;
}
