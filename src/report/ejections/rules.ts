/** The section on ejection rules and the verdicts of their checks. */
import type { RuleCheck, RuleResult } from '../../analysis/ejections/result.js';
import { count, plain } from '../../text/numbers.js';
import { errorsInWords } from '../../text/statuses.js';
import type { Paint } from '../layout/grid.js';
import { paragraph } from '../layout/page.js';
import { more } from '../table/columns.js';
import { sentence } from './summary.js';

/** At most so many versions' rules are shown; `--json` has them all. */
const MAX_RULES = 20;

/** Where the sentence of a check begins, after its verdict. */
const INDENT = '  inconclusive  '.length;

/** For each rule that has checks: a paragraph with the rule, then one for each check. Empty if no rule has checks. */
export function ruleSection(rules: readonly RuleResult[], columns: number, paint: Paint): string[] {
  const judged = rules.filter(({ checks }) => checks.length > 0);
  const shown = judged.slice(0, MAX_RULES);
  if (shown.length === 0) return [];
  const lines = shown.flatMap((rule) => [
    ...paragraph('-', [`${rule.version}: ${ruleInWords(rule)}`], 2, columns),
    ...rule.checks.flatMap((check) => checkLines(check, columns, paint)),
  ]);
  return ['Ejection rules', ...lines, ...more(judged.length - shown.length, 'rules')];
}

function checkLines(check: RuleCheck, columns: number, paint: Paint): string[] {
  const { verdict } = check;
  const [first = '', ...rest] = paragraph(`  ${verdict}`, [sentence(check)], INDENT, columns);
  return [first.replace(verdict, (word) => paint(verdict, word)), ...rest];
}

/** `5 × 5xx in a row, out for 30 s × n, sweeps every 10 s, at most 50 % out (DestinationRule …)` */
export function ruleInWords(rule: Omit<RuleResult, 'version' | 'checks'>): string {
  const counts = [
    ...(rule.consecutive5xx > 0 ? [`${count(rule.consecutive5xx)} × ${errorsInWords(rule.errorCodes)}`] : []),
    ...(rule.consecutiveGatewayErrors > 0
      ? [`${count(rule.consecutiveGatewayErrors)} × 502, 503 or 504`]
      : []),
    ...((rule.consecutiveLocalOriginFailures ?? 0) > 0
      ? [`${count(rule.consecutiveLocalOriginFailures ?? 0)} failures to connect`]
      : []),
  ];
  const seconds = (ms: number) => `${plain(ms / 1_000)} s`;
  const figures = [
    counts.length === 0 ? 'nothing ejects' : `${counts.join(' or ')} in a row`,
    `out for ${seconds(rule.baseEjectionTimeMs)} × n`,
    `sweeps every ${seconds(rule.intervalMs)}`,
    `at most ${plain(rule.maxEjectionPercent)} % out${rule.scope === 'route' ? ' of all versions together' : ''}`,
  ];
  return `${figures.join(', ')} (${rule.source})`;
}
