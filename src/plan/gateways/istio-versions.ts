/** What differs between the versions of Istio, and from which version on it holds. */
import { OptionError } from '../../errors.js';
import { printable } from '../../text/printable.js';
import type { IstioVersion } from '../manifests/model.js';

/** The versions whose sources were read, 1.N. */
const OLDEST = 20;
const NEWEST = 32;

/** Holds in 1.N from `since` on, and no longer in `until`. */
interface Holds {
  readonly since: number;
  readonly until?: number;
}

/** Read in istio/istio at tags on both sides of each change (1.20.0 to 1.31.0-rc.0), and at 86c9f01 for 1.32. */
const FACTS = {
  /** Default retries are not made for a 503 of a backend (route/retry/retry.go, EXCLUDE_UNSAFE_503_FROM_DEFAULT_RETRY). */
  'no default retry of 503': { since: 24 },
  /** An HTTPRoute's rule without backendRefs answers 404, else 500 (kube/gateway/conversion.go, releasenotes/notes/59356.yaml). */
  'no backendRefs: 404': { since: 30, until: 31 },
  /** A DestinationRule comes before an XBackendTrafficPolicy, whichever is older (releasenotes/notes/60358.yaml). */
  'DestinationRule before backend policy': { since: 31 },
  /** `meshConfig.defaultTrafficPolicy` is known (core/cluster_traffic_policy.go). */
  defaultTrafficPolicy: { since: 31 },
  /** `outlierDetectionHttpErrorCodes` of a DestinationRule is known (releasenotes/notes/60828.yaml). */
  outlierDetectionHttpErrorCodes: { since: 32 },
} as const satisfies Readonly<Record<string, Holds>>;

export type IstioFact = keyof typeof FACTS;

/** Whether a fact holds in a version. Without one it is the newest that was read; outside of those that were read, the nearest. */
export function holdsInIstio(fact: IstioFact, version: IstioVersion | undefined): boolean {
  const { since, until = Number.POSITIVE_INFINITY }: Holds = FACTS[fact];
  const minor = Math.min(NEWEST, Math.max(OLDEST, version?.minor ?? NEWEST));
  return since <= minor && minor < until;
}

/** Whether the same facts hold in all of the versions. */
export function areAlike(versions: readonly IstioVersion[]): boolean {
  return Object.keys(FACTS).every(
    (fact) => new Set(versions.map((version) => holdsInIstio(fact as IstioFact, version))).size < 2,
  );
}

/** A version as an option gives it. @throws OptionError naming `istio` */
export function givenIstio(text: string): IstioVersion {
  const minor = /^1\.(\d{1,3})(?:\.\d{1,3})?$/.exec(text)?.[1];
  if (minor === undefined) {
    throw new OptionError(
      (name) =>
        `${name('istio')}: '${printable(text)}' is not a version of Istio. Write it as 1.30 or 1.30.2.`,
    );
  }
  return { minor: Number(minor), from: null };
}

/** `Istio 1.28`, with what it was found in: `Istio 1.28 (image istio/pilot:1.28.0 of Deployment istio-system/istiod)` */
export function nameIstio({ minor, from }: IstioVersion): string {
  return from === null ? `Istio 1.${minor}` : `Istio 1.${minor} (${from})`;
}

/** Says that a version is outside of those that were read; null if it is not. */
export function notRead(version: IstioVersion): string | null {
  const { minor } = version;
  if (minor >= OLDEST && minor <= NEWEST) return null;
  const nearest = `1.${minor < OLDEST ? OLDEST : NEWEST}`;
  return `${nameIstio(version)} is ${minor < OLDEST ? 'older' : 'newer'} than the versions that are known (1.${OLDEST} to 1.${NEWEST}): what holds in ${nearest} is used.`;
}
