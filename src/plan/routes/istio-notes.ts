/** What is to be said of the version of Istio itself; where it changes an answer, the answer's own note names it. */
import { listed } from '../../text/lists.js';
import { istioVersions } from '../gateways/find-istio.js';
import { areAlike, nameIstio, notRead } from '../gateways/istio-versions.js';
import { istio } from '../gateways/rows/istio.js';
import type { ManifestSet, Route } from '../manifests/model.js';
import { gatewayOfRoute } from './route-gateway.js';

/** Versions that a note lists. */
const MAX_SHOWN = 4;

/** @param routes those that are served */
export function istioNotes(set: ManifestSet, routes: readonly Route[]): readonly string[] {
  const version = set.istio;
  const gateways = routes.map((route) => gatewayOfRoute(set, route));
  const isOfOthers = gateways.length > 0 && gateways.every(({ facts }) => facts !== null && facts !== istio);
  if (isOfOthers) {
    const [{ facts, label }] = gateways as [(typeof gateways)[0]];
    return version?.from === null
      ? [
          `The version of Istio that was given, 1.${version.minor}, changes nothing: ${label} is ${facts?.name}.`,
        ]
      : [];
  }
  if (version !== undefined) return [notRead(version)].filter((text) => text !== null);
  const found = istioVersions(set);
  if (areAlike(found)) return [];
  const names = listed(found.map(nameIstio), MAX_SHOWN);
  return [
    `The manifests have several versions of Istio: ${names}. What holds in the newest that is known is used; --istio names the one of the gateway.`,
  ];
}
