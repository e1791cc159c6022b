/** `outlierDetection` of a trafficPolicy: when an endpoint is ejected, and for how long. */
import { holdsInIstio, nameIstio } from '../gateways/istio-versions.js';
import { istioDuration } from '../manifests/durations.js';
import type { Field } from '../manifests/fields.js';
import type { IstioVersion } from '../manifests/model.js';
import { ENVOY_OUTLIER_DEFAULTS } from './envoy-defaults.js';
import type { PolicyRemarks } from './policy-remarks.js';

const MAX_COUNT = 2 ** 32 - 1;

export interface OutlierDetection {
  /** The only statuses that count as errors (Istio 1.32); null: every 5xx. */
  readonly errorCodes: readonly number[] | null;
  /** 5xx in a row that eject; 0: this rule is off. */
  readonly consecutive5xxErrors: number;
  /** 502, 503, 504 in a row that eject; 0: this rule is off. */
  readonly consecutiveGatewayErrors: number;
  /** Failures to connect in a row that eject, counted apart; null: they count as 5xx. */
  readonly consecutiveLocalOriginFailures: number | null;
  readonly splitExternalLocalOriginErrors: boolean;
  readonly intervalMs: number;
  readonly baseEjectionTimeMs: number;
  readonly maxEjectionPercent: number;
  /** Whether one endpoint may be out even if the percentage allows none. */
  readonly alwaysEjectsOne: boolean;
  /** Percent of healthy endpoints below which ejections are ignored; Istio's default is 0, never. */
  readonly minHealthPercent: number;
  /** Whether Envoy ejects an endpoint whose share of errors is far above the others', too. Istio switches that off. */
  readonly ejectsBySuccessRate: boolean;
  /** Percentage of errors in an interval that ejects; null: none does. */
  readonly failurePercentage: number | null;
  /** Names of the fields that the manifest gives; the others hold defaults. */
  readonly given: readonly string[];
}

/**
 * Istio turns success-rate ejection off and leaves what is unset to Envoy, whose count of consecutive 5xx
 * (5) is in force even when only `consecutiveGatewayErrors` is given.
 *
 * @param block null when the policy has none: then the result is null
 * @param origin what the policy is of, for remarks
 * @param istio undefined: the newest version that is known
 * @throws UserError naming file, line, resource and field
 */
export function readOutlierDetection(
  block: Field | null,
  origin: string,
  remarks: PolicyRemarks,
  istio: IstioVersion | undefined,
): OutlierDetection | null {
  if (block === null) {
    remarks.defaults.push(`outlierDetection of ${origin}: none, no endpoint is ejected (Istio's default)`);
    return null;
  }
  const given: string[] = [];
  const orDefault = (key: string, value: number | null, fallback: number, shown: string): number => {
    if (value === null) {
      remarks.defaults.push(`outlierDetection.${key} of ${origin}: ${shown} (Envoy's default)`);
      return fallback;
    }
    given.push(key);
    return value;
  };
  const outdated = block.get('consecutiveErrors');
  if (outdated.present) {
    remarks.notes.push(`${outdated.where} is no longer read by Istio: use consecutive5xxErrors`);
  }
  const split = block.get('splitExternalLocalOriginErrors').boolean() ?? false;
  const localFailures = block.get('consecutiveLocalOriginFailures').whole(0, MAX_COUNT) || null;
  if (localFailures !== null && !split) {
    const { where } = block.get('consecutiveLocalOriginFailures');
    remarks.notes.push(`${where} has no effect without splitExternalLocalOriginErrors: true`);
  }
  const gatewayErrors = block.get('consecutiveGatewayErrors').whole(0, MAX_COUNT);
  if (gatewayErrors !== null) given.push('consecutiveGatewayErrors');
  const envoy = ENVOY_OUTLIER_DEFAULTS;
  return {
    errorCodes: readErrorCodes(block.get('outlierDetectionHttpErrorCodes'), remarks, istio),
    consecutive5xxErrors: orDefault(
      'consecutive5xxErrors',
      block.get('consecutive5xxErrors').whole(0, MAX_COUNT),
      envoy.consecutive5xx,
      '5',
    ),
    consecutiveGatewayErrors: gatewayErrors ?? 0,
    consecutiveLocalOriginFailures: split ? (localFailures ?? envoy.consecutiveLocalOriginFailures) : null,
    splitExternalLocalOriginErrors: split,
    intervalMs: orDefault('interval', atLeast1Ms(block.get('interval')), envoy.intervalMs, '10s'),
    baseEjectionTimeMs: orDefault(
      'baseEjectionTime',
      atLeast1Ms(block.get('baseEjectionTime')),
      envoy.baseEjectionTimeMs,
      '30s',
    ),
    // 0 is "not set" to Istio.
    maxEjectionPercent: orDefault(
      'maxEjectionPercent',
      block.get('maxEjectionPercent').whole(0, 100) || null,
      envoy.maxEjectionPercent,
      '10',
    ),
    alwaysEjectsOne: false,
    ejectsBySuccessRate: false,
    failurePercentage: null,
    minHealthPercent: block.get('minHealthPercent').whole(0, 100) ?? 0,
    given: localFailures !== null && split ? [...given, 'consecutiveLocalOriginFailures'] : given,
  };
}

/** Null: every 5xx counts. */
function readErrorCodes(
  field: Field,
  remarks: PolicyRemarks,
  istio: IstioVersion | undefined,
): readonly number[] | null {
  const codes = field.items().map((code) => code.whole(100, 599) ?? code.fail('is missing'));
  if (codes.length === 0) return null;
  if (istio === undefined || holdsInIstio('outlierDetectionHttpErrorCodes', istio))
    return [...new Set(codes)];
  remarks.notes.push(`${field.where} is not known to ${nameIstio(istio)}: every 5xx counts as an error`);
  return null;
}

function atLeast1Ms(field: Field): number | null {
  const ms = istioDuration(field);
  if (ms !== null && ms < 1) field.fail(`${field.shown} is not a duration of at least 1ms`);
  return ms;
}
