/** What a rule of a route asks of requests. */

export type PathMatch =
  | { readonly type: 'Exact'; readonly value: string }
  /** Gateway API's PathPrefix: whole path elements (`/api` matches `/api` and `/api/x`, not `/apix`). */
  | { readonly type: 'PathPrefix'; readonly value: string }
  /** A VirtualService's prefix: of the text (`/off` matches `/offer`). */
  | { readonly type: 'TextPrefix'; readonly value: string }
  /** Matches the whole path. */
  | { readonly type: 'RegularExpression'; readonly value: string };

export interface ValueMatch {
  readonly name: string;
  readonly type: 'Exact' | 'TextPrefix' | 'RegularExpression' | 'Present';
  readonly value: string;
}

export interface RouteMatch {
  readonly path: PathMatch | null;
  /** Whether the case of letters does not count in the path; absent: it counts. It always does in regular expressions. */
  readonly ignorePathCase?: boolean;
  readonly method: string | null;
  /** Names are lower case; `:authority`, `:scheme`, `:method` and `:path` are parts of the request. */
  readonly headers: readonly ValueMatch[];
  /** VirtualService only: headers that a request must not have with such a value; one without the header has an empty value. */
  readonly withoutHeaders?: readonly ValueMatch[];
  readonly queryParams: readonly ValueMatch[];
  /** VirtualService only: where the request must arrive; absent or null: anywhere. */
  readonly arrival?: Arrival | null;
  /** VirtualService only: what a request cannot have by itself: claims of a token. */
  readonly other: readonly string[];
}

/** Conditions of a VirtualService's match on the proxy that the request arrives at. */
export interface Arrival {
  /** `namespace/name`, or `mesh` for sidecars; empty: any. When there are some, labels and namespace do not count. */
  readonly gateways: readonly string[];
  /** The port of the Gateway's server; null: any. */
  readonly port: number | null;
  /** Labels and namespace of the pod that has the proxy. */
  readonly sourceLabels: Readonly<Record<string, string>>;
  readonly sourceNamespace: string | null;
}
