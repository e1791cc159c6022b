/** Notes about backends and mirrors in other namespaces that no ReferenceGrant lets their route use. */
import { describeRule } from '../../plan/manifests/describe.js';
import type { ManifestSet } from '../../plan/manifests/model.js';
import { missingGrant } from '../../plan/manifests/reference-grants.js';

/** A line for each grant that is missing. */
export function grantNotes({ routes }: ManifestSet): readonly string[] {
  const lines = routes.flatMap((route) =>
    route.rules.flatMap((rule) => {
      const lacking = (backends: typeof rule.backends, what: string) =>
        backends
          .filter(({ granted }) => granted === false)
          .map((backend) => `${describeRule(route, rule)}: ${missingGrant(route, backend)}: ${what}`);
      return [
        ...lacking(
          rule.backends,
          `its share is answered with an empty ${route.dialect.missingBackendStatus}`,
        ),
        ...lacking(rule.mirrors, 'it gets no copies'),
      ];
    }),
  );
  return [...new Set(lines)];
}
