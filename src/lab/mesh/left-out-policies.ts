/** Notes about policies for the routes' Services, and session persistence, that the lab does without. */
import { describeRule } from '../../plan/manifests/describe.js';
import type { ManifestSet } from '../../plan/manifests/model.js';
import { resourceLabel } from '../../plan/manifests/resource.js';
import { isServiceOf, sessionsOf } from '../../plan/routes/sessions.js';
import { listed } from '../../text/lists.js';
import { printable } from '../../text/printable.js';

/** Names that a note lists. */
const MAX_SHOWN = 8;

/** A line for each. */
export function leftOutPolicies(set: ManifestSet): readonly string[] {
  const sessions = set.routes.flatMap((route) =>
    route.rules.flatMap((rule) =>
      sessionsOf(set, rule, describeRule(route, rule)).map(
        ({ where, token }) =>
          `${where}: session persistence by ${token} is left out: every request follows the weights`,
      ),
    ),
  );
  const backends = set.routes.flatMap(({ rules }) => rules.flatMap((rule) => rule.backends));
  const tls = (set.backendTlsPolicies ?? []).flatMap(({ ref, services }) => {
    const used = services.filter((name) =>
      backends.some((backend) => isServiceOf(backend, ref.namespace, [name])),
    );
    if (used.length === 0) return [];
    const names = listed(
      used.map((name) => printable(name)),
      MAX_SHOWN,
    );
    return [
      `${resourceLabel(ref)} asks for TLS to ${names}: the lab's backends speak plain HTTP, so it is left out`,
    ];
  });
  return [...new Set([...sessions, ...tls])];
}
