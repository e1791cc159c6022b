/** Ejections in the first lines of a report. */
import type { EjectionsResult, EjectionWindow, RuleCheck } from '../../analysis/ejections/result.js';
import { listed } from '../../text/lists.js';
import { count, counted } from '../../text/numbers.js';
import { shortName } from '../layout/text.js';
import { nameOf } from './windows.js';

/** At most so many endpoints, and so many broken rules, are named. */
const MAX_NAMED = 3;

/** Endpoints by the kind of their windows, those with most windows first: `Ejected: v2 / pod-7c9 twice`; '' for none. */
export function ejectedInWords(windows: readonly EjectionWindow[]): string {
  const kinds = (['ejected', 'left', 'silent', 'joined'] as const).flatMap((kind) => {
    const names = named(windows.filter((window) => window.kind === kind));
    return names === '' ? [] : [`${kind === 'joined' ? 'out at first' : kind}: ${names}`];
  });
  const line = kinds.join(' · ');
  return line.slice(0, 1).toUpperCase() + line.slice(1);
}

function named(windows: readonly EjectionWindow[]): string {
  const times = new Map<string, number>();
  for (const window of windows) times.set(nameOf(window), (times.get(nameOf(window)) ?? 0) + 1);
  const all = [...times].sort(([, a], [, b]) => b - a);
  return listed(
    all.map(([name, n]) => `${shortName(name)} ${often(n)}`),
    MAX_NAMED,
  );
}

function often(n: number): string {
  return n === 1 ? 'once' : n === 2 ? 'twice' : `${count(n)} times`;
}

/** A sentence for each failed check of an ejection rule; the last one counts those that are not named. */
export function brokenRules(ejections: EjectionsResult | null): string[] {
  const broken = (ejections?.rules ?? []).flatMap(({ version, checks }) =>
    checks.filter(({ verdict }) => verdict === 'fail').map((check) => ({ version, check })),
  );
  const shown = broken
    .slice(0, MAX_NAMED)
    .map(({ version, check }) => `Not by the ejection rule of ${shortName(version)}: ${sentence(check)}`);
  const hidden = broken.length - shown.length;
  return hidden > 0 ? [...shown, `And ${counted(hidden, 'more check')} of ejection rules failed.`] : shown;
}

/** A check in words: `max-ejection-percent: 2 of 3 endpoints were out at once; 1 may be.` */
export function sentence({ name, text }: RuleCheck): string {
  return text === '' ? name : `${name}: ${text}`;
}

/** A sentence if no check of a rule failed: all passed, or which are not decided; '' if one failed or there are none. */
export function keptRules(ejections: EjectionsResult | null): string {
  const checks = (ejections?.rules ?? []).flatMap(({ checks }) => checks);
  if (checks.length === 0 || checks.some(({ verdict }) => verdict === 'fail')) return '';
  const open = checks.filter(({ verdict }) => verdict === 'inconclusive');
  if (open.length === 0) return `Ejections are as the rule says (${counted(checks.length, 'check')}).`;
  const names = [...new Set(open.map(({ name }) => name))].join(', ');
  const kept = checks.length - open.length;
  return kept === 0
    ? `Whether ejections are as the rule says is not decided (${names}).`
    : `${count(kept)} of ${counted(checks.length, 'check')} of ejection rules ${kept === 1 ? 'passes' : 'pass'}; not decided: ${names}.`;
}
