/** Which backends get copies of a rule's requests. */
import type { Mirror, RouteRule } from '../../plan/manifests/model.js';

/** The mirrors that may get some: not those with 0 %, and not those that no ReferenceGrant allows. */
export function copiedTo({ mirrors }: RouteRule): readonly Mirror[] {
  return mirrors.filter(({ percent, granted }) => percent > 0 && granted !== false);
}
