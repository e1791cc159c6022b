/** Notes about backends in other namespaces that no ReferenceGrant of the manifests lets the rule use. */
import { counted } from '../../text/numbers.js';
import { describeRule } from '../manifests/describe.js';
import type { Backend, ManifestSet } from '../manifests/model.js';
import { missingGrant } from '../manifests/reference-grants.js';
import type { Note } from '../plan.js';
import { fromSource } from './gateway-note.js';
import { gatewayOfRoute } from './route-gateway.js';
import type { Selection } from './select-rule.js';

/** One note for each grant that is missing. */
export function grantNotes(
  set: ManifestSet,
  { route, rule }: Pick<Selection, 'route' | 'rule'>,
): readonly Note[] {
  const { facts } = gatewayOfRoute(set, route);
  const answer =
    facts === null || facts.missingBackend === null
      ? 'gateways answer 500 for the share of this backend, or leave it out (docs/gateways.md)'
      : `${facts.name} ${fromSource(facts.missingBackend, WITHOUT_GRANT[facts.missingBackend.value])}`;
  const texts = rule.backends
    .filter(({ granted, weight }) => granted === false && weight > 0)
    .map(
      (backend) =>
        `${describeRule(route, rule)}: ${missingGrant(route, backend)}. ${likelihood(set, backend)} Without it ${answer}. Shares are judged as if it were there.`,
    );
  return [...new Set(texts)].map((text): Note => ({ code: 'reference-grant', text }));
}

const WITHOUT_GRANT = {
  '500 for its share': 'answers 500 for the share of this backend',
  'none: its share goes to the others': 'leaves the backend out, and its share goes to the others',
} as const;

/** Whether the grant is missing in the cluster too, as far as the manifests tell. */
function likelihood(set: ManifestSet, { namespace }: Backend): string {
  const ofNamespace = (resources: readonly { readonly ref: { readonly namespace: string } }[] = []) =>
    resources.filter(({ ref }) => ref.namespace === namespace).length;
  const grants = ofNamespace(set.referenceGrants);
  if (grants > 0)
    return `The manifests have ${counted(grants, 'ReferenceGrant')} of that namespace, for other uses.`;
  const { services, deployments, destinationRules, routes, gateways } = set;
  const others = ofNamespace([...services, ...deployments, ...destinationRules, ...routes, ...gateways]);
  return others > 0
    ? 'The manifests have other resources of that namespace, so the grant is probably missing in the cluster too.'
    : 'The manifests have nothing of that namespace, so the cluster may have the grant all the same (kubectl get referencegrant -A -o yaml).';
}
