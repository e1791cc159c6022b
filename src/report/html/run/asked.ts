/** What was asked of the run: where, which shares, which limits. */
import type { Check, RunResult } from '../../../analysis/result.js';
import { time } from '../../../text/durations.js';
import { count, percent, plain } from '../../../text/numbers.js';
import { ruleInWords } from '../../ejections/rules.js';
import { aboutOf } from '../../table/about.js';
import { html, nameMarkup, type Part } from '../frame/markup.js';
import { definitions, type Section, section } from '../frame/section.js';

/** Versions that are named; the table of the split has all. */
const MAX_NAMED = 12;

export function askedSection(result: RunResult): Section {
  const [target, ...rest] = aboutOf(result);
  const lines = (texts: readonly string[]): Part => texts.map((text) => html`<p>${text}</p>`);
  return section(
    'asked',
    'What was asked',
    definitions([
      ...(target === undefined ? [] : [[target.heading, lines(target.lines)] as const]),
      ['Expected split', expectedSplit(result)],
      ...limits(result.checks).map(([term, texts]) => [term, lines(texts)] as const),
      ...rules(result),
      ...rest.map(({ heading, lines: texts }) => [heading, lines(texts)] as const),
    ]),
  );
}

function expectedSplit({ versions, split }: RunResult): Part {
  const expected = versions.filter(({ expectedShare }) => expectedShare !== null);
  if (split === null || expected.length === 0) return 'none: shares were measured, and not judged';
  const shown = expected.slice(0, MAX_NAMED);
  const items = shown.map(({ version, expectedShare, tolerancePoints }) => {
    const own =
      tolerancePoints === null || split.tolerancePoints !== null ? '' : ` ± ${plain(tolerancePoints)} points`;
    return html`<li>${nameMarkup(version)} ${plain((expectedShare ?? 0) * 100)} %${own}</li>`;
  });
  const hidden = expected.length - shown.length;
  const rest = hidden > 0 ? html`<li>and ${count(hidden)} more</li>` : null;
  const common =
    split.tolerancePoints === null ? null : html`<p>each within ± ${plain(split.tolerancePoints)} points</p>`;
  return html`<ul class="inline">${items}${rest}</ul>${common}`;
}

/** The limits that checks compare with, each with what it is for. */
function limits(checks: readonly Check[]): (readonly [term: string, lines: readonly string[]])[] {
  return LIMITS.flatMap(({ kind, term, words }) => {
    const byBound = new Map<string, string[]>();
    for (const { name, bound } of checks) {
      const [first = '', subject = 'the whole run', what = ''] = partsOf(name);
      if (first !== kind || bound[1] === null) continue;
      const limit = words(bound[1], what);
      byBound.set(limit, [...(byBound.get(limit) ?? []), subject]);
    }
    const lines = [...byBound].map(
      ([limit, subjects]) =>
        `${limit}: ${subjects.slice(0, MAX_NAMED).join(', ')}${subjects.length > MAX_NAMED ? ` and ${count(subjects.length - MAX_NAMED)} more` : ''}`,
    );
    return lines.length === 0 ? [] : [[term, lines] as const];
  });
}

/** `latency/v1/p99`: kind, version, percentile. A version may have slashes in its name. */
function partsOf(name: string): string[] {
  const [kind = '', ...rest] = name.split('/');
  const last = kind.startsWith('latency') ? (rest.pop() ?? '') : '';
  return rest.length === 0 ? [kind] : [kind, rest.join('/'), last];
}

const LIMITS: readonly { kind: string; term: string; words: (limit: number, what: string) => string }[] = [
  { kind: 'errors', term: 'Errors', words: (limit) => `below ${percent(limit).replace(/\.?0+$/, '')} %` },
  {
    kind: 'error-increase',
    term: 'More errors than the baseline',
    words: (limit) => `at most ${plain(limit * 100)} points`,
  },
  { kind: 'latency', term: 'Latency', words: (limit, what) => `${what} at most ${time(limit)}` },
  {
    kind: 'latency-ratio',
    term: 'Latency against the baseline',
    words: (limit, what) => `${what} at most ${plain(limit)} × as long`,
  },
];

function rules({ ejections }: RunResult): (readonly [term: string, text: Part])[] {
  const all = ejections?.rules ?? [];
  if (all.length === 0) return [];
  const shown = all.slice(0, MAX_NAMED);
  return [
    ['Ejection rules', shown.map((rule) => html`<p>${nameMarkup(rule.version)}: ${ruleInWords(rule)}</p>`)],
  ];
}
