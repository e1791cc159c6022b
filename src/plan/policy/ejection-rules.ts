/** What ejections are compared with, as the outlier detection of manifests has it. */

import { printable } from '../../text/printable.js';
import { errorsInWords } from '../../text/statuses.js';
import type { Backend, ManifestSet, RouteRule } from '../manifests/model.js';
import type { EjectionRule, Note } from '../plan.js';
import { isGatewayError } from './counted-status.js';
import { backendHost, type Client } from './destination-rules.js';
import { effectiveOutlierRule } from './effective-policy.js';
import { endpointCount, serviceOf } from './endpoint-count.js';
import { sourceOf } from './kept-policies.js';

/** Port of a backend when neither it nor its Service gives one. */
const USUAL_PORT = 80;

/**
 * The rule of each backend that has outlier detection, merged as istiod does, by the backend's name.
 *
 * @param client the gateway's pods
 * @returns the rules, and notes on what is in force though nobody wrote it
 * @throws UserError for a value of the wrong type or out of range, naming resource and field
 */
export function ejectionRulesOf(
  set: ManifestSet,
  rule: RouteRule,
  client: Client,
): { rules: readonly EjectionRule[]; notes: readonly Note[] } {
  const rules = new Map<string, EjectionRule>();
  const notes = new Map<string, Note>();
  for (const backend of rule.backends) {
    const host = backendHost(backend);
    if (host === null || rules.has(backend.name)) continue;
    const { namespace, subset } = backend;
    const known = serviceOf(set, backend);
    const onlyPort = known?.ports.length === 1 ? known.ports[0]?.port : undefined;
    const port = backend.port ?? onlyPort ?? USUAL_PORT;
    const found = effectiveOutlierRule({ ...set, client }, { namespace, host }, port, subset);
    if (found === null) continue;
    const together = rule.backends.filter((other) => isSameDestination(other, backend));
    if (together.some(({ name }) => name !== backend.name)) {
      const names = [...new Set(together.map(({ name }) => printable(name)))].join(' and ');
      const text = `${sourceOf({ ref: found.from })}: ${names} are the same endpoints for the gateway, which counts their errors together: ejections are not compared with the rule.`;
      notes.set(text, { code: 'ejection-rule', text });
      continue;
    }
    const { detection, from, subsetLabels } = found;
    const { consecutiveGatewayErrors, minHealthPercent, errorCodes, given } = detection;
    const hasGatewayErrors = errorCodes === null || errorCodes.some(isGatewayError);
    const source = sourceOf({ ref: from });
    rules.set(backend.name, {
      version: backend.name,
      scope: 'version',
      source,
      errorCodes,
      consecutive5xx: detection.consecutive5xxErrors,
      consecutiveGatewayErrors: hasGatewayErrors ? consecutiveGatewayErrors : 0,
      consecutiveLocalOriginFailures: detection.consecutiveLocalOriginFailures,
      intervalMs: detection.intervalMs,
      baseEjectionTimeMs: detection.baseEjectionTimeMs,
      maxEjectionPercent: detection.maxEjectionPercent,
      alwaysEjectsOne: false,
      minHealthPercent,
      endpoints: endpointCount(set, backend, subsetLabels),
    });
    const note = (text: string) => notes.set(text, { code: 'ejection-rule', text: `${source}: ${text}` });
    if (errorCodes !== null) {
      note(
        `the only errors are ${errorsInWords(errorCodes)} (outlierDetectionHttpErrorCodes), as in Istio 1.32; older versions do not know this field and count every 5xx.`,
      );
      if (consecutiveGatewayErrors > 0 && !hasGatewayErrors) {
        note('consecutiveGatewayErrors ejects nothing: 502, 503 and 504 are not among the error codes.');
      }
    }
    if (consecutiveGatewayErrors > 0 && !given.includes('consecutive5xxErrors')) {
      note(
        `consecutiveGatewayErrors alone leaves Envoy's own count in force: 5 × ${errorCodes === null ? '5xx of any kind' : errorsInWords(errorCodes)} in a row eject as well (consecutive5xxErrors: 0 switches that off).`,
      );
    }
    if (minHealthPercent > 0) {
      note(
        `when fewer than ${minHealthPercent} % of the endpoints are healthy (minHealthPercent), Envoy sends requests to ejected ones too.`,
      );
    }
  }
  return { rules: [...rules.values()], notes: [...notes.values()] };
}

/** Whether requests for both go to one cluster: one backend that is there twice, under names of its own (`web#1`, `web#2`). */
function isSameDestination(a: Backend, b: Backend): boolean {
  return (
    a.namespace === b.namespace &&
    a.refName === b.refName &&
    a.kind === b.kind &&
    a.group === b.group &&
    a.port === b.port &&
    a.subset === b.subset
  );
}
