/** What both gateways of the lab say of the manifests: what is left out or refused, and what is not certain. */
import type { ManifestSet } from '../../plan/manifests/model.js';
import { grantNotes } from './grant-notes.js';
import { labPolicyNotes } from './lab-client.js';
import { leftOutPolicies } from './left-out-policies.js';

/** One readable line each. */
export function leftOutNotes(manifests: ManifestSet): readonly string[] {
  return [...grantNotes(manifests), ...leftOutPolicies(manifests), ...labPolicyNotes(manifests)];
}
