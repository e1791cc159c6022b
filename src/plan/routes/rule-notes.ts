/** What a rule has besides its weights: filters, faults, session persistence, a backend that is there twice. */
import { inSeconds } from '../../text/durations.js';
import { listed } from '../../text/lists.js';
import { printable } from '../../text/printable.js';
import { describeCopies, describeRule, shareOfRequests } from '../manifests/describe.js';
import type { ManifestSet, RouteRule } from '../manifests/model.js';
import type { Note } from '../plan.js';
import type { Selection } from './select-rule.js';
import { sessionsOf } from './sessions.js';

/** Names that a note lists. */
const MAX_SHOWN = 8;

const COPIES = 'the copies reach that backend, and their answers are in no share';

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
    ...faultNotes(rule, label),
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

/** Faults that a VirtualService asks for. Nothing is said of those for 0 %. */
function faultNotes({ fault }: RouteRule, label: string): Note[] {
  const { abort, delay } = fault ?? { abort: null, delay: null };
  const texts: string[] = [];
  if (abort !== null && abort.percent > 0) {
    const share = shareOfRequests(abort.percent);
    texts.push(
      `${label} answers ${share} with ${abort.httpStatus} (fault.abort): no backend gets them, and they are in no share.`,
    );
  }
  if (delay !== null && delay.percent > 0) {
    const share = shareOfRequests(delay.percent);
    texts.push(`${label} delays ${share} by ${inSeconds(delay.fixedDelayMs)} (fault.delay).`);
  }
  return texts.map((text) => ({ code: 'rule-fault', text }));
}

function sessionNotes(set: ManifestSet, rule: RouteRule, label: string): Note[] {
  return sessionsOf(set, rule, label).map(({ where, token }) => {
    const text = `${where} has session persistence by ${token}: requests without it follow the weights, those with it go where their session is. A run sends back none that an answer sets (cookies: unless --cookies connection is given); give none yourself.`;
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
  const text = `${label} has more than one backend for ${shown}. Their weights are added up, and how requests are divided among them is not judged. To have it judged, give each a version header of its own: weighbridge instrument does.`;
  return [{ code: 'repeated-backend', text }];
}
