/** Session persistence of a rule: its own, and that of policies for its Services. */
import { printable } from '../../text/printable.js';
import type { Backend, ManifestSet, RouteRule, SessionPersistence } from '../manifests/model.js';
import { resourceLabel } from '../manifests/resource.js';

interface Session {
  /** The rule or the policy, for messages. */
  readonly where: string;
  /** `the cookie sid` */
  readonly token: string;
}

/** @param label the rule for messages */
export function sessionsOf(set: ManifestSet, rule: RouteRule, label: string): readonly Session[] {
  const own = rule.session ? [{ where: label, token: describeToken(rule.session) }] : [];
  const policies = (set.sessionPolicies ?? []).filter(({ ref, services }) =>
    rule.backends.some((backend) => isServiceOf(backend, ref.namespace, services)),
  );
  return [
    ...own,
    ...policies.map(({ ref, session }) => ({ where: resourceLabel(ref), token: describeToken(session) })),
  ];
}

/** Whether a backend is one of these Services of a namespace. */
export function isServiceOf(backend: Backend, namespace: string, services: readonly string[]): boolean {
  const { kind, group, refName } = backend;
  return kind === 'Service' && group === '' && backend.namespace === namespace && services.includes(refName);
}

function describeToken({ type, name }: SessionPersistence): string {
  const kind = type === 'Cookie' ? 'cookie' : 'header';
  return name === null ? `a ${kind} that the gateway names` : `the ${kind} ${printable(name)}`;
}
