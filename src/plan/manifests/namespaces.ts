/** Whether a namespace is one of those that a manifest chooses by name or labels. */
import type { LabelRequirement, Namespace, NamespaceChoice } from './model.js';

/** A label that the API server gives each namespace: its name. */
const NAME_LABEL = 'kubernetes.io/metadata.name';

/** Null if it depends on labels of a Namespace that is not among the manifests. */
export function isChosen(
  choice: NamespaceChoice,
  namespace: string,
  namespaces: readonly Namespace[],
): boolean | null {
  if (typeof choice === 'string') return choice === namespace;
  const manifest = namespaces.find(({ ref }) => ref.name === namespace);
  const labels: Readonly<Record<string, string>> = { ...manifest?.labels, [NAME_LABEL]: namespace };
  const results = choice.map((requirement) =>
    manifest === undefined && requirement.key !== NAME_LABEL ? null : holds(requirement, labels),
  );
  if (results.includes(false)) return false;
  return results.includes(null) ? null : true;
}

function holds(
  { key, operator, values }: LabelRequirement,
  labels: Readonly<Record<string, string>>,
): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  const isOne = value !== undefined && values.includes(value);
  switch (operator) {
    case 'In':
      return isOne;
    case 'NotIn':
      return !isOne;
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}
