/** Which kind of gateway a Gateway is: by its GatewayClass's controller, else by the name of the class. */
import { ISTIO_GATEWAYS } from '../manifests/dialect.js';
import type { Gateway, GatewayClass } from '../manifests/model.js';
import type { GatewayFacts } from './facts.js';
import { istio } from './rows/istio.js';
import { GATEWAYS } from './table.js';

/**
 * The facts of a Gateway's kind; null if it is none of the table's. A GatewayClass among the manifests decides, also if
 * its controller is not known: anybody may give a class a well-known name.
 */
export function recognize(
  { className, family }: Pick<Gateway, 'className' | 'family'>,
  classes: readonly GatewayClass[],
): GatewayFacts | null {
  if (family.group === ISTIO_GATEWAYS.group) return istio;
  if (className === null) return null;
  const manifest = classes.find(({ ref }) => ref.name === className);
  const found =
    manifest === undefined
      ? GATEWAYS.find(({ classNames }) => classNames.some((pattern) => isNamed(className, pattern)))
      : GATEWAYS.find(({ controllers }) => controllers.includes(manifest.controllerName));
  return found ?? null;
}

function isNamed(name: string, pattern: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}
