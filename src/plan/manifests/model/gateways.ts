/** Gateways with their listeners, and what belongs to them. */
import type { GatewayFamily } from '../dialect.js';
import type { Field } from '../fields.js';
import type { Condition, NamespaceChoice, ResourceRef } from './resource.js';

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

/** A version of Istio: 1.N. */
export interface IstioVersion {
  /** N */
  readonly minor: number;
  /** Where it was found in manifests; null: an option gives it. */
  readonly from: string | null;
}
