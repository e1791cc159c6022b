/** What the first lines of a report say of ejections. */
import type { EjectionsResult, EjectionWindow, RuleCheck } from '../../analysis/ejections/result.js';
import type { Check } from '../../analysis/result.js';
import { counted } from '../../counted.js';
import { count } from '../format.js';
import { cut } from '../layout.js';
import { terminalText } from '../safe-text.js';
import { nameOf } from './windows.js';

/** Endpoints, and broken rules, that are named. */
const MAX_NAMED = 3;
/** Columns of a name in a sentence. */
const MAX_NAME = 60;

/** `Ejected: v2 / pod-7c9 twice`, most windows first; '' for none. */
export function ejectedInWords(windows: readonly EjectionWindow[]): string {
  const kinds = (['ejected', 'left', 'silent', 'joined'] as const).flatMap((kind) => {
    const names = named(windows.filter((window) => window.kind === kind));
    return names === '' ? [] : [`${kind === 'joined' ? 'joined late' : kind}: ${names}`];
  });
  const line = kinds.join(' · ');
  return line.slice(0, 1).toUpperCase() + line.slice(1);
}

function named(windows: readonly EjectionWindow[]): string {
  const times = new Map<string, number>();
  for (const window of windows) times.set(nameOf(window), (times.get(nameOf(window)) ?? 0) + 1);
  const all = [...times].sort(([, a], [, b]) => b - a);
  const shown = all.slice(0, MAX_NAMED).map(([name, n]) => `${short(name)} ${often(n)}`);
  const hidden = all.length - shown.length;
  return hidden > 0 ? `${shown.join(', ')} and ${count(hidden)} more` : shown.join(', ');
}

function short(name: string): string {
  return cut(terminalText(name), MAX_NAME);
}

function often(n: number): string {
  return n === 1 ? 'once' : n === 2 ? 'twice' : `${count(n)} times`;
}

/** Rules that are shown not to be kept, a sentence each; the rest are counted. */
export function brokenRules(ejections: EjectionsResult | null): string[] {
  const broken = (ejections?.rules ?? []).flatMap(({ version, checks }) =>
    checks.filter(({ verdict }) => verdict === 'fail').map((check) => ({ version, check })),
  );
  const shown = broken
    .slice(0, MAX_NAMED)
    .map(({ version, check }) => `Not by the ejection rule of ${short(version)}: ${sentence(check)}`);
  const hidden = broken.length - shown.length;
  return hidden > 0 ? [...shown, `And ${counted(hidden, 'more check')} of ejection rules failed.`] : shown;
}

/** `max-ejection-percent: 2 of 3 endpoints were out at once; 1 may be.` */
export function sentence({ name, text }: RuleCheck): string {
  return text === '' ? name : `${name}: ${text}`;
}

/** Said when all that was judged of ejections passed; '' otherwise. */
export function keptRules(checks: readonly Check[]): string {
  const own = checks.filter(({ name }) => name.startsWith('ejections/'));
  const kept = own.length > 0 && own.every(({ verdict }) => verdict === 'pass');
  return kept ? `Ejections are as the rule says (${counted(own.length, 'check')}).` : '';
}
