/** What is in force with an outlier detection though nobody wrote it, or otherwise than it looks. */
import { errorsInWords } from '../../text/statuses.js';
import type { IstioVersion } from '../manifests/model.js';
import type { Note } from '../plan.js';
import { isGatewayError } from './counted-status.js';
import type { OutlierDetection } from './outlier-detection.js';

/**
 * One note at most: a list, if there is more than one thing to say.
 *
 * @param source what gives it, for the notes
 * @param panicField the field that has the panic threshold
 * @param istio the version of Istio, if it is known
 */
export function detectionNotes(
  detection: OutlierDetection,
  source: string,
  panicField: string,
  istio?: IstioVersion,
): Note[] {
  const { consecutiveGatewayErrors, minHealthPercent, errorCodes, failurePercentage, given } = detection;
  const texts: string[] = [];
  if (errorCodes !== null) {
    const only = `the only errors are ${errorsInWords(errorCodes)} (outlierDetectionHttpErrorCodes)`;
    texts.push(
      istio === undefined
        ? `${only}, as in Istio 1.32; older versions do not know this field and count every 5xx.`
        : `${only}.`,
    );
    if (consecutiveGatewayErrors > 0 && !errorCodes.some(isGatewayError)) {
      texts.push('consecutiveGatewayErrors ejects nothing: 502, 503 and 504 are not among the error codes.');
    }
  }
  if (consecutiveGatewayErrors > 0 && !given.includes('consecutive5xxErrors')) {
    texts.push(
      `consecutiveGatewayErrors alone leaves Envoy's own count in force: 5 × ${errorCodes === null ? '5xx of any kind' : errorsInWords(errorCodes)} in a row eject as well (consecutive5xxErrors: 0 switches that off).`,
    );
  }
  if (minHealthPercent > 0) {
    texts.push(
      `when fewer than ${minHealthPercent} % of the endpoints are healthy (${panicField}), Envoy sends requests to ejected ones too.`,
    );
  }
  if (detection.ejectsBySuccessRate) {
    texts.push(
      "with five endpoints or more, Envoy also ejects one whose share of errors is far above the others' (success rate, which Istio switches off and this gateway does not). Such ejections follow no count of errors in a row.",
    );
  }
  if (failurePercentage !== null) {
    texts.push(
      `with five endpoints or more, Envoy also ejects one with at least ${failurePercentage} % errors in an interval. Such ejections follow no count of errors in a row.`,
    );
  }
  if (texts.length === 0) return [];
  const [only] = texts;
  const said = texts.length === 1 ? ` ${only}` : texts.map((text) => `\n- ${text}`).join('');
  return [{ code: 'ejection-rule', text: `${source}:${said}` }];
}
