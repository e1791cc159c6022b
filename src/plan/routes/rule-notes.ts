/** What a rule has besides its weights: filters, session persistence, a backend that is there twice. */
import { listed } from '../../text/lists.js';
import { printable } from '../../text/printable.js';
import { describeCopies, describeRule } from '../manifests/describe.js';
import type { ManifestSet, RouteRule } from '../manifests/model.js';
import type { Note } from '../plan.js';
import type { Selection } from './select-rule.js';
import { sessionsOf } from './sessions.js';

/** Names that a note lists. */
const MAX_SHOWN = 8;

const COPIES = 'the copies reach that backend, and their answers reach nobody: they are in no share';

/** What each type of filter does to the answers; types that are not here change only headers. */
const EFFECTS = new Map([
  ['RequestRedirect', 'the gateway answers itself, and no backend gets the request'],
  ['URLRewrite', 'backends get another path or host than was sent'],
  ['RequestMirror', COPIES],
  ['CORS', 'the gateway answers preflight requests (OPTIONS) itself'],
  ['ExternalAuth', 'another service may refuse requests'],
  ['ExtensionRef', 'it is not read: it may answer requests itself or send them elsewhere'],
]);

/** Notes about the selected rule. */
export function ruleNotes(
  set: ManifestSet,
  { route, rule }: Pick<Selection, 'route' | 'rule'>,
): readonly Note[] {
  const label = describeRule(route, rule);
  return [
    ...filterNotes(rule, label),
    ...rule.mirrors.map((mirror): Note => {
      return { code: 'rule-filter', text: `${label} mirrors ${describeCopies(mirror)}: ${COPIES}.` };
    }),
    ...sessionNotes(set, rule, label),
    ...repeatedNotes(rule, label),
  ];
}

function filterNotes({ filters = [], backends }: RouteRule, label: string): Note[] {
  const all = [
    // Mirrors of the rule have notes of their own.
    ...filters.filter(({ type }) => type !== 'RequestMirror').map((filter) => ({ filter, where: label })),
    ...backends.flatMap(({ name, filters: own = [] }) =>
      own.map((filter) => ({ filter, where: `${label}, backend ${printable(name)}` })),
    ),
  ];
  return all.flatMap(({ filter: { type, detail }, where }): Note[] => {
    const effect = EFFECTS.get(type);
    if (effect === undefined) return [];
    const shown = detail === null ? type : `${type} (${printable(detail)})`;
    return [{ code: 'rule-filter', text: `${where} has the filter ${shown}: ${effect}.` }];
  });
}

function sessionNotes(set: ManifestSet, rule: RouteRule, label: string): Note[] {
  return sessionsOf(set, rule, label).map(({ where, token }) => {
    const text = `${where} has session persistence by ${token}: requests without it follow the weights, those with it go where their session is. A run sends none from answers; do not give one.`;
    return { code: 'session-persistence', text };
  });
}

function repeatedNotes({ backends }: RouteRule, label: string): Note[] {
  const names = backends.map(({ name }) => name);
  const repeated = new Set(names.filter((name, index) => names.indexOf(name) < index));
  if (repeated.size === 0) return [];
  const shown = listed(
    [...repeated].map((name) => printable(name)),
    MAX_SHOWN,
  );
  const text = `${label} has more than one backend for ${shown}: their weights are added up, and how requests are divided among them is not judged. With a version header of its own for each it is (weighbridge instrument).`;
  return [{ code: 'repeated-backend', text }];
}
