/** What is not known of the gateway's pods, where it decides which DestinationRules apply. */
import { listed } from '../../text/lists.js';
import { printable } from '../../text/printable.js';
import type { DestinationRule, ManifestSet } from '../manifests/model.js';
import { resourceLabel } from '../manifests/resource.js';
import type { GatewayPods } from '../routes/gateway-pods.js';
import { appliedRules, type Client, namesService, type ServiceName } from './destination-rules.js';

/** Assumptions that are tried for a service. */
const MAX_ASSUMPTIONS = 100;
/** Rules and services named in a sentence. */
const NAMED = 3;
/** A namespace that no manifest has. */
const ELSEWHERE = '';

type Rules = Pick<ManifestSet, 'destinationRules' | 'meshConfigs'>;

/** Other pods that may send the requests, and when it is they. */
interface Assumption {
  readonly client: Client;
  /** `if they run in shop` */
  readonly condition: string;
}

/**
 * Says what was assumed of the pods, if another assumption would make other DestinationRules apply.
 *
 * @param pods of the gateways that may serve the requests; the first are those that are assumed
 * @returns a sentence for the services that it is true of, or none
 */
export function clientDoubts(
  set: Rules,
  services: readonly ServiceName[],
  pods: readonly [GatewayPods, ...GatewayPods[]],
): readonly string[] {
  const [assumed] = pods;
  const different = services.flatMap((service) => differenceFor(set, service, pods) ?? []);
  if (different.length === 0) return [];
  const shown = different.slice(0, NAMED).join('; ');
  const more = different.length > NAMED ? `; ${different.length - NAMED} more` : '';
  return [
    `Which DestinationRules apply depends on the gateway's pods, of which the manifests do not say enough. They are taken to run in ${assumed.namespace}: ${shown}${more}. Their Deployment among the manifests would tell.`,
  ];
}

/** `DestinationRule shop/web would apply to web.shop.svc.cluster.local if they run in shop`; null if nothing differs. */
function differenceFor(
  set: Rules,
  service: ServiceName,
  pods: readonly [GatewayPods, ...GatewayPods[]],
): string | null {
  const [assumed] = pods;
  const naming = set.destinationRules.filter((rule) => namesService(rule, service));
  const rulesFor = (client: Client) =>
    appliedRules({ ...set, destinationRules: naming, client }, service).rules;
  const usual = rulesFor(assumed);
  for (const { client, condition } of assumptions(naming, pods).slice(0, MAX_ASSUMPTIONS)) {
    const rules = rulesFor(client);
    if (rules.length === usual.length && rules.every((rule, i) => rule === usual[i])) continue;
    const names = listed(rules.map(nameOf), NAMED);
    return rules.length === 0
      ? `${listed(usual.map(nameOf), NAMED)} would not apply to ${service.host} ${condition}`
      : `${names} would apply to ${service.host} ${condition}`;
  }
  return null;
}

/** @param naming the DestinationRules that name the service */
function assumptions(
  naming: readonly DestinationRule[],
  [assumed, ...others]: readonly [GatewayPods, ...GatewayPods[]],
): Assumption[] {
  const found = new Map<string, Assumption>();
  const add = ({ namespace, labels }: Client, condition: string) => {
    found.set(JSON.stringify([namespace, labels]), { client: { namespace, labels }, condition });
  };
  for (const { namespace, labels } of others) add({ namespace, labels }, `if they run in ${namespace}`);
  for (const { ref, workloadSelector } of naming) {
    if (!assumed.placeKnown) add({ ...assumed, namespace: ref.namespace }, `if they run in ${ref.namespace}`);
    if (workloadSelector === null || assumed.labelsKnown) continue;
    if (assumed.placeKnown && ref.namespace !== assumed.namespace) continue;
    const wanted = Object.entries(workloadSelector);
    if (wanted.some(([key, value]) => (assumed.labels[key] ?? value) !== value)) continue;
    const labels = wanted.map(([key, value]) => printable(`${key}: ${value}`, 120));
    add(
      { namespace: ref.namespace, labels: { ...assumed.labels, ...workloadSelector } },
      `if they run in ${ref.namespace} and have the labels ${listed(labels, NAMED)}`,
    );
  }
  if (!assumed.placeKnown) add({ ...assumed, namespace: ELSEWHERE }, 'if they run elsewhere');
  return [...found.values()];
}

function nameOf({ ref }: DestinationRule): string {
  return resourceLabel(ref);
}
