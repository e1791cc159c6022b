/** Routes with their rules: HTTPRoute, GRPCRoute and VirtualService. */
import type { Dialect } from '../dialect.js';
import type { Backend, HeaderModifier, Mirror, RuleFilter } from './backends.js';
import type { RouteMatch } from './matches.js';
import type { Condition, ResourceRef } from './resource.js';

/** Requests with the token of a session go where the session is. */
export interface SessionPersistence {
  readonly type: 'Cookie' | 'Header';
  /** Name of the cookie or header; null: the implementation chooses one. */
  readonly name: string | null;
}

export interface RetryPolicy {
  readonly attempts: number;
  /** Null: the implementation's default conditions. */
  readonly retryOn: string | null;
  /** 0: no bound. Null: not given. */
  readonly perTryTimeoutMs: number | null;
  /** About how long to wait before the first retry. Null: not given, or 0. */
  readonly backoffMs: number | null;
}

export interface FaultInjection {
  readonly abort: { readonly httpStatus: number; readonly percent: number } | null;
  readonly delay: { readonly fixedDelayMs: number; readonly percent: number } | null;
}

/** Where a redirect sends the client; what is null stays as in the request. */
export interface Redirect {
  readonly kind: 'redirect';
  readonly status: number;
  readonly scheme: string | null;
  readonly host: string | null;
  /** `listener`: the port of the Gateway's listener. */
  readonly port: number | 'listener' | null;
  /** The whole path, or what the rule's match asks for is replaced. */
  readonly path: { readonly replaces: 'all' | 'prefix'; readonly value: string } | null;
}

/** What a gateway answers for a rule without asking a backend. */
export type OwnReply =
  | Redirect
  | { readonly kind: 'response'; readonly status: number; readonly body: string };

export interface RouteRule {
  /** 0-based position in the route. */
  readonly index: number;
  readonly name: string | null;
  /** Line of the rule in its file. */
  readonly line: number;
  /** Empty: everything matches. */
  readonly matches: readonly RouteMatch[];
  readonly backends: readonly Backend[];
  readonly requestHeaders: HeaderModifier | null;
  readonly responseHeaders: HeaderModifier | null;
  /** Backends that get copies of requests. */
  readonly mirrors: readonly Mirror[];
  /** 0: no bound. Null: not given. */
  readonly timeouts: { readonly requestMs: number | null; readonly backendRequestMs: number | null };
  readonly retries: RetryPolicy | null;
  readonly fault: FaultInjection | null;
  /** A redirect or another filter that answers without a backend, named; null when there is none. */
  readonly answersItself: string | null;
  /** What it answers; absent or null if it does not answer itself, or if that is not known. */
  readonly reply?: OwnReply | null;
  /** VirtualService only: where its destinations stand; absent or null: here. */
  readonly delegate?: Delegate | null;
  /** Gateway API only: its filters besides those of headers; absent: none. */
  readonly filters?: readonly RuleFilter[];
  /** Gateway API only; absent or null: none. */
  readonly session?: SessionPersistence | null;
}

/** A VirtualService whose rules are used in place of a rule. */
export interface Delegate {
  readonly name: string;
  readonly namespace: string;
  /** 0-based position of the rule there; null while it is not followed, because the manifests do not have it. */
  readonly ruleIndex: number | null;
}

export interface ParentRef {
  /** Its kind if it is a ListenerSet; absent: a Gateway. */
  readonly listenerSet?: string;
  readonly name: string;
  /** The route's own when absent. */
  readonly namespace: string;
  readonly sectionName: string | null;
  readonly port: number | null;
}

export interface Route {
  readonly ref: ResourceRef;
  readonly dialect: Dialect;
  readonly hostnames: readonly string[];
  /** Gateway API parentRefs; for a VirtualService its `gateways` entries. */
  readonly parents: readonly ParentRef[];
  /** Gateway API only: whether Services are parents too, so that it is for requests within the mesh; absent: no. */
  readonly inMesh?: boolean;
  /** VirtualService only: namespaces whose gateways see it; absent: all. */
  readonly exportTo?: readonly string[];
  readonly rules: readonly RouteRule[];
  /** What controllers say of the route at each parent; absent or null without a status. */
  readonly status?: readonly ParentStatus[] | null;
}

export interface ParentStatus {
  readonly parent: ParentRef;
  readonly controllerName: string | null;
  readonly conditions: readonly Condition[];
}
