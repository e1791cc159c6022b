/** Compares the ejections of one version with its rule: a check per field of the rule. */

import { maxOut } from '../../../plan/policy/ejection-rule.js';
import { inSeconds } from '../../../text/durations.js';
import { count, counted } from '../../../text/numbers.js';
import { quoted } from '../../../text/printable.js';
import { errorsInWords } from '../../../text/statuses.js';
import type { Verdict } from '../../result.js';
import { worst } from '../../stats/two-one-sided.js';
import type { EjectionWindow, RuleCheck } from '../result.js';
import { isLonger, lengthBounds, whyUndecided } from './duration.js';
import { ejectedOf, gatewayBinds, isCertainlyByRule, outAtOnce, type RuleContext } from './rule-context.js';
import { triggerCheck } from './trigger-check.js';

/**
 * All checks of a version.
 *
 * @param context its windows with sequence, expected duration and verdict
 * @returns an empty array if nothing happened that the rule is about
 */
export function checksOf(context: RuleContext): RuleCheck[] {
  const { rule, streaks } = context;
  const happened = ejectedOf(context).length > 0 || streaks.length > 0;
  const checks = happened
    ? [
        off(context) ?? triggerCheck(context, '5xx'),
        durationCheck(context),
        maxPercentCheck(context),
        rule.consecutiveGatewayErrors > 0 ? gatewayErrorsCheck(context) : null,
      ]
    : [];
  const local = rule.consecutiveLocalOriginFailures === null ? null : localOriginCheck(context);
  return [...checks, local].filter((check) => check !== null);
}

/** A rule without counts. */
function off({ rule, windows }: RuleContext): RuleCheck | null {
  if (rule.consecutive5xx > 0 || rule.consecutiveGatewayErrors > 0) return null;
  return {
    name: 'trigger',
    verdict: 'inconclusive',
    figure: windows.length,
    bound: [null, 0],
    text: `${counted(windows.length, 'window')} after 5xx, although nothing ejects by this rule: the endpoints were absent for another reason, or another rule is in force.`,
  };
}

function durationCheck(context: RuleContext): RuleCheck | null {
  const windows = ejectedOf(context);
  const failed = windows.filter(({ verdict }) => verdict === 'fail');
  // A window that goes on says nothing, unless it is too long already.
  const telling = windows.filter((window) => window.durationMs !== null || isLonger(window));
  const judged = failed.length > 0 ? failed : telling.length > 0 ? telling : windows;
  const verdict: Verdict | null = worst(judged.map((window) => window.verdict ?? 'inconclusive'));
  if (verdict === null) return null;
  const alike = judged.filter((window) => (window.verdict ?? 'inconclusive') === verdict);
  const [shown] = [...alike].sort((a, b) => farOff(b) - farOff(a)) as [EjectionWindow];
  const [lo, hi] = shown.expectedDurationMs ?? [null, null];
  const [least] = lengthBounds(shown);
  const lasted = shown.durationMs === null ? `at least ${inSeconds(least)}` : inSeconds(shown.durationMs);
  const n = shown.sequenceBounds[0] === shown.sequenceBounds[1] ? '' : ' probably';
  const rule =
    lo === null || hi === null
      ? ''
      : `, where ${inSeconds(lo)} to ${inSeconds(hi)} are expected (n = ${shown.sequence}${n}, up to the next sweep)`;
  const many =
    alike.length === windows.length
      ? counted(windows.length, 'window')
      : `${count(alike.length)} of ${counted(windows.length, 'window')}`;
  const word = {
    pass: 'as long as the rule says',
    fail: 'not as long as the rule says',
    inconclusive: 'not decided',
  }[verdict];
  const undecided = () => whyUndecided(shown, isCertainlyByRule(shown, context));
  const why = verdict === 'inconclusive' ? `: ${undecided()}` : byGateway(shown, undecided);
  return {
    name: 'duration',
    verdict,
    figure: shown.durationMs ?? least,
    bound: [lo, hi],
    text: `${many}: ${word}. Largest difference: ${quoted(shown.endpoint)} was out for ${lasted}${rule}${why}.`,
  };
}

/** Where the gateway's word decided: why the client's did not, and how long it lasted by the gateway's; '' elsewhere. */
function byGateway({ reported }: EjectionWindow, undecided: () => string): string {
  if (reported?.durationMs == null || !reported.settles.includes('verdict')) return '';
  const [lo, hi] = reported.durationMs;
  const from = reported.from === 'event-log' ? 'event log' : 'admin interface';
  const lasted = lo === hi ? inSeconds(lo) : `${inSeconds(lo)} to ${inSeconds(hi)}`;
  return `: ${undecided()}, so the gateway's ${from} decides: ${lasted}`;
}

/** How far the length is outside the expected ones, ms; below 0: inside. */
function farOff(window: EjectionWindow): number {
  const [lo, hi] = window.expectedDurationMs ?? [0, Number.POSITIVE_INFINITY];
  const lasted = window.durationMs ?? lengthBounds(window)[0];
  return Math.max(lo - lasted, lasted - hi);
}

function maxPercentCheck(context: RuleContext): RuleCheck {
  const { rule } = context;
  const { seen } = context.counted;
  const { out, sure, possible } = outAtOnce(context);
  const hosts = rule.endpoints ?? seen;
  const allowed = maxOut(hosts, rule);
  const known = rule.endpoints !== null && seen <= rule.endpoints;
  const verdict: Verdict = possible <= allowed ? 'pass' : sure > allowed && known ? 'fail' : 'inconclusive';
  const together = rule.scope === 'route' ? ' of all versions together' : '';
  const of = `${counted(hosts, 'endpoint')}${together}${rule.endpoints === null ? ' that were seen' : ''}`;
  const one = rule.alwaysEjectsOne ? ', or one (alwaysEjectOneEndpoint),' : '';
  const unsure =
    verdict !== 'inconclusive'
      ? ''
      : out <= allowed
        ? `; perhaps ${possible}, since the times when endpoints came back are not known exactly`
        : '; but they may have been absent for another reason, or there are more endpoints';
  return {
    name: 'max-ejection-percent',
    verdict,
    figure: out,
    bound: [null, allowed],
    text: `${out} of ${of} out at once${unsure}; ${rule.maxEjectionPercent} %${one} allow ${allowed} (as Envoy 1.40 counts, which is assumed; older versions eject one more).`,
  };
}

function gatewayErrorsCheck(context: RuleContext): RuleCheck | null {
  const { rule } = context;
  const asked = rule.consecutiveGatewayErrors;
  const found = gatewayBinds(rule) ? triggerCheck(context, 'gateway-errors') : null;
  return (
    found ?? {
      name: 'gateway-errors',
      verdict: 'inconclusive',
      figure: null,
      bound: [null, asked],
      text: gatewayBinds(rule)
        ? `No endpoint answered ${asked} of 502, 503, 504 in a row.`
        : `${asked} gateway errors never eject on their own: ${rule.consecutive5xx} × ${rule.errorCodes === null ? '5xx of any kind' : errorsInWords(rule.errorCodes)} come first.`,
    }
  );
}

function localOriginCheck({ rule, windows }: RuleContext): RuleCheck | null {
  const without = windows.filter(({ kind }) => kind === 'silent' || kind === 'left').length;
  if (without === 0) return null;
  return {
    name: 'local-origin',
    verdict: 'inconclusive',
    figure: without,
    bound: [null, null],
    text: `${counted(without, 'absence')} not after 5xx in a row may be ejections after ${rule.consecutiveLocalOriginFailures} failures to connect: a client cannot see to which endpoint a connection failed, but the gateway's event log has it.`,
  };
}
