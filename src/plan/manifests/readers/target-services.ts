/** `targetRefs` of policies. */
import type { Field } from '../fields.js';
import { objectName } from './checks.js';

/** Names of the Services among a policy's targets; they are in its own namespace. */
export function targetServices(spec: Field): string[] {
  return spec
    .get('targetRefs')
    .items()
    .filter((target) => target.get('kind').text() === 'Service' && !target.get('group').text())
    .map((target) => objectName(target.get('name')));
}
