/** Where a rule of a route sends requests, and what it does to them. */

/** Headers to set, add and remove. */
export interface HeaderModifier {
  readonly set: readonly (readonly [string, string])[];
  readonly add: readonly (readonly [string, string])[];
  readonly remove: readonly string[];
}

/** One weighted destination: a Gateway API backendRef or a VirtualService destination. */
export interface Backend {
  /** What reports call it: the backendRef's name, or `host-subset` for a VirtualService (see backend-names.ts). */
  readonly name: string;
  /** The referenced object's own name; `name` is longer where two backends of a rule would have the same name. */
  readonly refName: string;
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  /** Null when the manifest names none (VirtualService, single-port services). */
  readonly port: number | null;
  /** VirtualService subset. */
  readonly subset: string | null;
  /** Service host for a VirtualService destination as written, else null. */
  readonly host: string | null;
  /** Defaults applied: 1 for Gateway API, 100 for the only destination of a VirtualService. 0 means none. */
  readonly weight: number;
  readonly requestHeaders: HeaderModifier | null;
  readonly responseHeaders: HeaderModifier | null;
  /** Gateway API only: its filters besides those of headers; absent: none. */
  readonly filters?: readonly RuleFilter[];
  /** False: it is in another namespace, and no ReferenceGrant of the manifests lets the route use it. Absent: it may. */
  readonly granted?: false;
}

/** A backend that gets copies of a part of a rule's requests. Its answers reach nobody. */
export interface Mirror extends Backend {
  /** 0 to 100; 0: it gets none. */
  readonly percent: number;
}

/** A filter of the Gateway API, in words. */
export interface RuleFilter {
  /** `RequestMirror` */
  readonly type: string;
  /** Which backend or extension it names; null: none. */
  readonly detail: string | null;
}
