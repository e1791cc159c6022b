/** Labels and conditions on labels. */
import type { Field } from '../fields.js';
import type { LabelRequirement } from '../model.js';

/** `labels` of a resource. */
export function readLabels(labels: Field): Record<string, string> {
  return Object.fromEntries(labels.entries().map(([key, value]) => [key, value.text() ?? '']));
}

/** A label selector: `matchLabels` and `matchExpressions`. */
export function readSelector(selector: Field): LabelRequirement[] {
  const labels = Object.entries(readLabels(selector.get('matchLabels')));
  const expressions = selector.get('matchExpressions').items();
  return [
    ...labels.map(([key, value]) => ({ key, operator: 'In' as const, values: [value] })),
    ...expressions.map((expression) => ({
      key: expression.get('key').requiredText(),
      operator: expression.get('operator').oneOf('In', 'NotIn', 'Exists', 'DoesNotExist'),
      values: expression
        .get('values')
        .items()
        .map((value) => value.text() ?? ''),
    })),
  ];
}
