/** Backends of a rule that are the same endpoints for the gateway. */
import { printable } from '../../text/printable.js';
import type { Backend, RouteRule } from '../manifests/model.js';
import type { Note } from '../plan.js';

/**
 * Says so if another version of the rule has the backend's endpoints: one backend that is there twice, under names of its own
 * (`web#1`, `web#2`). Then no ejection can be compared with a rule.
 *
 * @param source what has the rule
 */
export function sharedEndpointsNote({ backends }: RouteRule, backend: Backend, source: string): Note | null {
  const together = backends.filter((other) => isSameDestination(other, backend));
  if (together.every(({ name }) => name === backend.name)) return null;
  const names = [...new Set(together.map(({ name }) => printable(name)))].join(' and ');
  const text = `${source}: ${names} are the same endpoints for the gateway, which counts their errors together: ejections are not compared with the rule.`;
  return { code: 'ejection-rule', text };
}

function isSameDestination(a: Backend, b: Backend): boolean {
  return (
    a.namespace === b.namespace &&
    a.refName === b.refName &&
    a.kind === b.kind &&
    a.group === b.group &&
    a.port === b.port &&
    a.subset === b.subset
  );
}
