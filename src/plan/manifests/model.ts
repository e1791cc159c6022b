/**
 * Manifests in one shape for all kinds: what `run` needs to derive a plan, and what the lab
 * needs to build a gateway. Plain data, but for traffic policies: those stay Fields, so that
 * errors in them name their line.
 */
import type { Dialect, GatewayFamily } from './dialect.js';
import type { Field } from './fields.js';
import type { SourceRef } from './yaml-source.js';

export interface ResourceRef {
  /** `HTTPRoute` */
  readonly kind: string;
  readonly apiVersion: string;
  readonly name: string;
  /** `default` when the manifest names none. */
  readonly namespace: string;
  readonly source: SourceRef;
  /** metadata.creationTimestamp, RFC 3339; null when absent. */
  readonly createdAt: string | null;
  /** metadata.generation; null or absent when the manifest is not from a cluster. */
  readonly generation?: number | null;
}

/** A condition in a status: what a controller says of a resource. */
export interface Condition {
  /** `Accepted` */
  readonly type: string;
  /** `True`, `False` or `Unknown` */
  readonly status: string;
  readonly reason: string | null;
  /** Generation of the resource that it is about; null when not given. */
  readonly observedGeneration: number | null;
}

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

/** Requests with the token of a session go where the session is. */
export interface SessionPersistence {
  readonly type: 'Cookie' | 'Header';
  /** Name of the cookie or header; null: the implementation chooses one. */
  readonly name: string | null;
}

/** Session persistence for all requests to some Services. */
interface SessionPolicy {
  readonly ref: ResourceRef;
  /** Names of Services in its namespace. */
  readonly services: readonly string[];
  readonly session: SessionPersistence;
}

/** Asks gateways to use TLS to some Services. */
interface BackendTlsPolicy {
  readonly ref: ResourceRef;
  /** Names of Services in its namespace. */
  readonly services: readonly string[];
}

/** Lets resources of other namespaces refer to resources of its own. */
export interface ReferenceGrant {
  readonly ref: ResourceRef;
  readonly from: readonly { readonly group: string; readonly kind: string; readonly namespace: string }[];
  /** `name` null: all of the kind. */
  readonly to: readonly { readonly group: string; readonly kind: string; readonly name: string | null }[];
}

/** A retry budget for all requests to some Services. */
export interface RetryBudgetPolicy {
  readonly ref: ResourceRef;
  /** Names of Services in its namespace. */
  readonly services: readonly string[];
  /** `retryConstraint` */
  readonly constraint: Field;
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

/** A condition on the labels of a resource. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values: readonly string[];
}

/** Namespaces: the only one, or conditions on their labels that must all hold. No conditions: every namespace. */
export type NamespaceChoice = string | readonly LabelRequirement[];

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

export interface Listener {
  readonly name: string;
  /** Null: every hostname. May begin with `*.`. */
  readonly hostname: string | null;
  readonly port: number;
  /** `HTTP`, `HTTPS`, `TLS`, … */
  readonly protocol: string;
  /** Names of certificate Secrets (Gateway API) or credentialName (Istio). */
  readonly certificates: readonly string[];
  /** Absent: none. */
  readonly conditions?: readonly Condition[];
  /** The namespaces whose routes attach; absent: every namespace. */
  readonly routesFrom?: NamespaceChoice;
  /** Gateway API only: the kinds of routes that attach; absent: all that fit its protocol. */
  readonly routeKinds?: readonly string[];
  /** The ListenerSet that it is from; absent: the Gateway itself has it. */
  readonly listenerSet?: ResourceRef;
  /** Istio only: each request is answered with a redirect to https. */
  readonly redirectsToHttps?: boolean;
  /** Istio only: the gateway hands TLS on to backends as it is and reads no request. */
  readonly passesTlsOn?: boolean;
}

export interface Gateway {
  readonly ref: ResourceRef;
  readonly family: GatewayFamily;
  /** Name of the class of gateways that it belongs to; null when the manifest names none. */
  readonly className: string | null;
  readonly listeners: readonly Listener[];
  readonly statusAddresses: readonly string[];
  readonly specAddresses: readonly string[];
  /** Absent: none. */
  readonly conditions?: readonly Condition[];
  /** Gateway API only: the namespaces whose ListenerSets it takes; absent: none. */
  readonly listenerSetsFrom?: NamespaceChoice;
  /** ListenerSets that name it as their parent, in the order of their listeners; absent: none. */
  readonly listenerSets?: readonly AttachedListenerSet[];
  /** Labels of the pods that it programs, for families that select pods; absent or empty when not given. */
  readonly selector?: Readonly<Record<string, string>>;
}

/** A ListenerSet: listeners for a Gateway, written elsewhere. */
export interface ListenerSet {
  readonly ref: ResourceRef;
  readonly family: GatewayFamily;
  readonly gateway: { readonly name: string; readonly namespace: string };
  readonly listeners: readonly Listener[];
  readonly conditions: readonly Condition[];
}

/** A ListenerSet at its Gateway. */
export interface AttachedListenerSet extends Pick<ListenerSet, 'ref' | 'conditions'> {
  /** Why the Gateway does not take it, as a clause; null if nothing speaks against it. */
  readonly refused: string | null;
  /** Names of listeners that are left out, because a listener that comes first has their port and hostname. */
  readonly conflicting: readonly string[];
}

/** A Namespace, for its labels. */
export interface Namespace {
  readonly ref: ResourceRef;
  readonly labels: Readonly<Record<string, string>>;
}

/** A GatewayClass: the controller that serves the Gateways of the class. */
export interface GatewayClass {
  readonly ref: ResourceRef;
  readonly controllerName: string;
}

/** An EnvoyFilter of `weighbridge instrument`: responses of the selected gateway pods carry the answering endpoint's address. */
export interface EndpointHeader {
  readonly ref: ResourceRef;
  readonly workloadLabels: Readonly<Record<string, string>>;
}

export interface DestinationRule {
  readonly ref: ResourceRef;
  readonly host: string;
  /** Namespaces whose workloads see it, as written: names, `.` for its own, `*` for all. Empty: the mesh's default. */
  readonly exportTo: readonly string[];
  /** Labels of the only client pods that it is for, in its own namespace; null: for all. */
  readonly workloadSelector: Readonly<Record<string, string>> | null;
  /** Null when absent. */
  readonly trafficPolicy: Field | null;
  readonly subsets: readonly {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly trafficPolicy: Field | null;
  }[];
}

/** A policy of one kind of gateway for the traffic to backends. */
export interface GatewayPolicy {
  readonly ref: ResourceRef;
  /** In its own namespace. */
  readonly targets: readonly PolicyTarget[];
  /** Whether it chooses targets by their labels too, which are not read. */
  readonly selectsByLabels: boolean;
  readonly spec: Field;
}

/** What a policy is for. */
export interface PolicyTarget {
  /** Empty for the core group. */
  readonly group: string;
  /** `HTTPRoute` */
  readonly kind: string;
  readonly name: string;
  /** A rule of a route, or a listener of a Gateway; null: all of them. */
  readonly sectionName: string | null;
}

/** What a mesh config of Istio sets for the whole mesh. */
export interface MeshConfig {
  readonly ref: ResourceRef;
  /** Null when absent. */
  readonly rootNamespace: string | null;
  /** exportTo of DestinationRules that have none, as written; empty when absent. */
  readonly destinationRuleExportTo: readonly string[];
  /** Blocks for services whose DestinationRule has none; null when absent. */
  readonly defaultTrafficPolicy: Field | null;
}

/** A core/v1 Service: the lab builds backends from these. */
export interface Service {
  readonly ref: ResourceRef;
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly {
    readonly name: string | null;
    readonly port: number;
    readonly targetPort: number | string | null;
    readonly appProtocol: string | null;
  }[];
  /** Addresses of its load balancer; absent or empty: none. */
  readonly loadBalancer?: readonly string[];
}

/** An apps/v1 Deployment: how many pods, their labels and arguments. */
export interface Deployment {
  readonly ref: ResourceRef;
  readonly replicas: number;
  readonly podLabels: Readonly<Record<string, string>>;
  /** args of the first container, e.g. `-text=hello from backend v1`. */
  readonly args: readonly string[];
  /** Of its containers, in order. Absent: none. */
  readonly images?: readonly string[];
  /** Its own labels that have a version. Absent: none. */
  readonly versionLabels?: Readonly<Record<string, string>>;
}

/** A version of Istio: 1.N. */
export interface IstioVersion {
  /** N */
  readonly minor: number;
  /** Where it was found in manifests; null: an option gives it. */
  readonly from: string | null;
}

export interface ManifestSet {
  readonly routes: readonly Route[];
  readonly gateways: readonly Gateway[];
  /** Absent: none. */
  readonly gatewayClasses?: readonly GatewayClass[];
  readonly destinationRules: readonly DestinationRule[];
  readonly services: readonly Service[];
  readonly deployments: readonly Deployment[];
  /** Absent: none. */
  readonly listenerSets?: readonly ListenerSet[];
  /** Absent: none. */
  readonly namespaces?: readonly Namespace[];
  /** Absent: none. */
  readonly endpointHeaders?: readonly EndpointHeader[];
  /** Absent: none. */
  readonly meshConfigs?: readonly MeshConfig[];
  /** Absent: none. */
  readonly gatewayPolicies?: readonly GatewayPolicy[];
  /** Absent: none. */
  readonly sessionPolicies?: readonly SessionPolicy[];
  /** Absent: none. */
  readonly retryBudgets?: readonly RetryBudgetPolicy[];
  /** Absent: none. */
  readonly backendTlsPolicies?: readonly BackendTlsPolicy[];
  /** Absent: none. */
  readonly referenceGrants?: readonly ReferenceGrant[];
  /** The version of Istio whose answers are wanted (plan/gateways/find-istio.ts). Absent: the newest that is known. */
  readonly istio?: IstioVersion;
  /** Resources that were skipped, one readable line each. */
  readonly skipped: readonly string[];
}
