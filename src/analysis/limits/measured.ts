/** What steps below the knee say of the versions: their shares, and how long they take when nothing waits. */
import { sum } from '../../collections.js';
import { levelOf } from './levels.js';
import type { MeasuredVersion } from './predict.js';
import type { StepResult, StepVersion } from './result.js';
import { isCalm } from './version-loads.js';

/**
 * Shares by all steps with hardly any refusals: in a few hundred requests chance changes them much. Times by the steps up to half of
 * the smallest level that was refused, since requests wait for connections above; by the smallest step if there is none below.
 */
export function measuredVersions(steps: readonly StepResult[]): ReadonlyMap<string, MeasuredVersion> {
  const answered = steps.filter(({ accepted, purpose }) => accepted > 0 && purpose !== 'recovery');
  const refused = answered.filter((step) => step.refused > 0).map(levelOf);
  const most = Math.min(...refused) / 2;
  const low = answered.filter((step) => levelOf(step) <= most);
  const smallest = answered.reduce<StepResult | null>(
    (least, step) => (least === null || levelOf(step) < levelOf(least) ? step : least),
    null,
  );
  const used = low.length > 0 ? low : smallest === null ? [] : [smallest];
  const calm = answered.filter(isCalm);
  const rows = acceptedRows(used);
  const shareRows = acceptedRows(calm.length > 0 ? calm : used);
  const all = sum(shareRows.map(({ accepted }) => accepted));
  const names = [...new Set([...rows, ...shareRows].map(({ version }) => version))];
  return new Map(
    names.map((name) => {
      const own = rows.filter(({ version }) => version === name);
      const accepted = sum(own.map((row) => row.accepted));
      const totalUs = sum(own.map((row) => row.accepted * (row.latencyUs.accepted.mean ?? 0)));
      return [
        name,
        {
          share: all === 0 ? 0 : sum(shareRows.map((row) => (row.version === name ? row.accepted : 0))) / all,
          serviceTimeMs: accepted === 0 ? null : totalUs / accepted / 1000,
        },
      ];
    }),
  );
}

/** Refusals without a version make a row too, of which nothing is accepted. */
function acceptedRows(steps: readonly StepResult[]): StepVersion[] {
  return steps.flatMap(({ versions }) => versions.filter(({ accepted }) => accepted > 0));
}
