/** `conditions` in a status of the Gateway API. */
import type { Field } from '../fields.js';
import type { Condition } from '../model.js';

/** The conditions of a status, or of a part of it. */
export function readConditions(owner: Field): Condition[] {
  return owner
    .get('conditions')
    .items()
    .map((condition) => ({
      type: condition.get('type').requiredText(),
      status: condition.get('status').requiredText(),
      reason: condition.get('reason').text() || null,
      observedGeneration: condition.get('observedGeneration').whole(0, Number.MAX_SAFE_INTEGER),
    }));
}
