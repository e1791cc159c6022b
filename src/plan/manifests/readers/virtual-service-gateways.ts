/** Names of gateways in a VirtualService. */
import type { Field } from '../fields.js';
import type { ResourceRef } from '../model.js';
import { objectName } from './checks.js';

/** The name that stands for the sidecars of the mesh. */
export const SIDECARS = 'mesh';

/**
 * A gateway as `namespace/name`, or `mesh`. A name without namespace, or with `.` for it, is one of the
 * VirtualService's own. `name.namespace` and `name.namespace.svc.cluster.local` are older ways to write it
 * (istio/istio, pilot/pkg/model/config.go, `resolveGatewayName`).
 */
export function gatewayName(field: Field, { namespace: own }: ResourceRef): string {
  const text = field.requiredText();
  if (text === SIDECARS) return text;
  const parts = text.split('/');
  if (parts.length > 2 || parts.includes('')) field.fail(`${field.shown} is not NAMESPACE/NAME`);
  if (parts.length === 2) return `${parts[0] === '.' ? own : parts[0]}/${parts[1]}`;
  const [name = '', namespace] = objectName(field).split('.');
  if (name === '' || namespace === '') field.fail('is not the name of a gateway');
  return `${namespace ?? own}/${name}`;
}
