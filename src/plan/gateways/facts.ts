/** What is known of one kind of gateway: facts, each with the version and the place where it was read or measured. */
import type { MatchOrder } from './match-order.js';

/** A fact that was read in a project's sources or measured. */
export interface Known<T> {
  readonly value: T;
  /** Version, or date and commit of the sources. */
  readonly version: string;
  /** Repository and file, or `measured` with where it is described. */
  readonly source: string;
  /** When it does not hold, or what follows from it; a clause without a full stop. */
  readonly remark?: string;
}

/** Null: not read, so nothing is claimed. */
export type Fact<T> = Known<T> | null;

/** What becomes of a header filter on a backendRef. */
type BackendFilters =
  | 'applied'
  /** The route is accepted, and the header never appears. */
  | 'ignored'
  /** Requests for that backend are answered with 500. */
  | 'answers 500'
  /** The route is not accepted. */
  | 'rejected'
  /** A conformance report says that it is not supported; what happens then was not read. */
  | 'not supported';

/** A kind of policies with circuit breakers and outlier detection; `others`: kinds that are not read, and no DestinationRule. */
export type PolicyKind = 'DestinationRule' | 'BackendTrafficPolicy' | 'BackendConfigPolicy' | 'others';

/** Each kind as a note says it: `which applies DestinationRules`. */
export const POLICIES_IN_WORDS: Readonly<Record<PolicyKind, string>> = {
  DestinationRule: 'DestinationRules',
  BackendTrafficPolicy: 'BackendTrafficPolicies',
  BackendConfigPolicy: 'BackendConfigPolicies',
  others: 'other policies',
};

export interface GatewayFacts {
  /** `Envoy Gateway` */
  readonly name: string;
  /** Values of a GatewayClass's `spec.controllerName`. */
  readonly controllers: readonly string[];
  /** Names of GatewayClasses by which it is recognized when the GatewayClass is not given; `*` at the end is any text. */
  readonly classNames: readonly string[];
  /** How requests are divided among the backends of a rule. */
  readonly draw: Fact<'at random' | 'rotates'>;
  /** Which of several fitting matches wins. */
  readonly order: Fact<MatchOrder>;
  readonly backendFilters: Fact<BackendFilters>;
  /** Retries that nobody asked for. */
  readonly retries: Fact<string>;
  /** Where a retry may go: the version is chosen once, or again for each attempt. */
  readonly retriesGo: Fact<'to the same version' | 'to any version'>;
  /** What circuit breakers and outlier detection count: a version by itself, or all versions of a rule together. */
  readonly countsPer: Fact<'version' | 'route'>;
  /** The policies for the traffic to backends that it goes by. */
  readonly policies: Fact<PolicyKind>;
  /** The answer to requests for a backend that does not exist, or in another namespace without a ReferenceGrant. */
  readonly missingBackend: Fact<'500 for its share' | 'none: its share goes to the others'>;
  /** The answer to a Host that no route or listener has. */
  readonly unknownHost: Fact<string>;
}

/** Makes facts that were read at the same place. */
export function readIn(version: string, source: string) {
  return <T>(value: T, remark?: string): Known<T> =>
    remark === undefined ? { value, version, source } : { value, version, source, remark };
}

/** Facts of a gateway of which nothing was read. */
export const NOTHING_READ = {
  draw: null,
  order: null,
  backendFilters: null,
  retries: null,
  retriesGo: null,
  countsPer: null,
  policies: null,
  missingBackend: null,
  unknownHost: null,
} as const;
