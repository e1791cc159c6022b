/** Checks that endpoints were ejected after as many consecutive 5xx as the rule requires. */

import { isGatewayError } from '../../../plan/policy/counted-status.js';
import { MERGE_WINDOW_MS } from '../../../plan/policy/envoy-defaults.js';
import { inSeconds } from '../../../text/durations.js';
import { count, counted } from '../../../text/numbers.js';
import { quoted } from '../../../text/printable.js';
import { errorsInWords } from '../../../text/statuses.js';
import { SLACK_MS } from '../../envoy-timing.js';
import type { Verdict } from '../../result.js';
import type { EjectionWindow, RuleCheck } from '../result.js';
import {
  causeOf,
  ejectedOf,
  followsRule,
  longestAllowed,
  type RuleContext,
  severalGateways,
} from './rule-context.js';
import type { StreakRecord } from './streak-record.js';

/** An endpoint may be sent requests for this long after the trigger: Envoy delays changes by 1 s. */
const LEAK_MS = 2_000;
/** The check fails only after so many times the rule's count, since each of several gateways counts separately. */
const LEAK_TIMES = 10;
/** After so many requests an absence is visible: 20 for a share of one half and a chance of 1e-6, and a few more. */
const WINDOW_SHOWS_AFTER = 25;

type Cause = NonNullable<StreakRecord['cause']>;

/** An endpoint that was sent requests although it should have been ejected. */
interface Overrun {
  readonly endpoint: string;
  readonly count: number;
  readonly fromMs: number;
  /** How long that went on while the rule allowed its ejection. */
  readonly forMs: number;
  readonly verdict: 'fail' | 'inconclusive';
}

/**
 * The check of one of the rule's counts.
 *
 * @returns null when there is nothing to judge
 */
export function triggerCheck(context: RuleContext, cause: Cause): RuleCheck | null {
  const { rule } = context;
  const name = cause === '5xx' ? 'trigger' : 'gateway-errors';
  const asked = cause === '5xx' ? rule.consecutive5xx : rule.consecutiveGatewayErrors;
  const errors = errorsInWords(rule.errorCodes);
  const gatewayCodes = rule.errorCodes?.filter(isGatewayError) ?? [502, 503, 504];
  const what = cause === '5xx' ? `× ${errors}` : `gateway errors (${gatewayCodes.join(', ')})`;
  const windows = ejectedOf(context).filter((window) => (causeOf(window, rule)?.cause ?? '5xx') === cause);
  const streaks = context.streaks.filter((streak) => streak.cause === cause && streak.endedBy !== 'absence');
  if (windows.length === 0 && streaks.length === 0) return null;
  const overruns = [
    ...windows.flatMap((window) => afterWindow(context, window, asked)),
    ...streaks.flatMap((streak) => afterStreak(context, streak, asked)),
  ];
  const worst = overruns.find(({ verdict }) => verdict === 'fail') ?? overruns[0];
  const check = (verdict: Verdict, figure: number | null, text: string): RuleCheck => ({
    name,
    verdict,
    figure,
    bound: [null, asked],
    text,
  });
  if (worst !== undefined) {
    const went = `${quoted(worst.endpoint)} answered ${count(worst.count)} × ${errors} in a row from ${inSeconds(worst.fromMs)} on`;
    const more = overruns.length > 1 ? `; ${count(overruns.length - 1)} similar ones` : '';
    return check(
      worst.verdict,
      worst.count,
      worst.verdict === 'fail'
        ? `${went} and was sent requests for ${inSeconds(worst.forMs)} after ${asked} ${what}, which eject, while the rule allowed its ejection${more}.`
        : `${went}: more than the ${asked} ${what} that eject, but too few, or for too short a time, to exclude several gateways that count separately${more}.`,
    );
  }
  const good = windows.filter((window) => followsRule(window, rule));
  const early = windows.length - good.length;
  const seen = Math.max(...windows.map(({ trigger }) => trigger?.consecutive ?? 0));
  if (good.length === 0) {
    return check(
      'inconclusive',
      windows.length === 0 ? null : seen,
      windows.length === 0
        ? `${counted(streaks.length, 'row')} of ${asked} ${what} or more ended before an ejection could be seen, or the rule did not allow one.`
        : `${counted(windows.length, 'window')} came after fewer than ${asked} ${what} that were seen (at most ${seen}): responses to other clients and failed connections count too.`,
    );
  }
  const others = early === 0 ? '' : `; ${count(early)} after fewer`;
  return check(
    'pass',
    asked,
    `${counted(good.length, 'window')} came after ${asked} ${what} in a row, as the rule asks${others}.`,
  );
}

function afterStreak(context: RuleContext, streak: StreakRecord, asked: number): Overrun[] {
  const { endpoint, consecutive, triggerMs, firstErrorMs, lastErrorMs } = streak;
  if (triggerMs === null) return [];
  const partly = context.windows.some(
    (window) =>
      window.endpoint === endpoint &&
      window.fraction < 1 &&
      window.startBoundsMs[1] <= lastErrorMs &&
      (window.endBoundsMs[1] ?? lastErrorMs) >= triggerMs,
  );
  // One of several gateways ejected it.
  if (partly) return [];
  return overrun(context, streak, consecutive, firstErrorMs, [triggerMs, lastErrorMs], 0, asked);
}

/** The streak before a window: the window may have come too late. */
function afterWindow(context: RuleContext, window: EjectionWindow, asked: number): Overrun[] {
  const { trigger, leaked, startBoundsMs } = window;
  const [startMs] = startBoundsMs;
  if (trigger === null || leaked === null || startMs === null || !followsRule(window, context.rule))
    return [];
  const { consecutive, firstErrorMs, lastErrorMs, inFlight } = trigger;
  return overrun(
    context,
    window,
    consecutive + leaked,
    firstErrorMs,
    [lastErrorMs, startMs],
    inFlight,
    asked,
  );
}

function overrun(
  context: RuleContext,
  of: Pick<EjectionWindow, 'version' | 'endpoint'>,
  all: number,
  fromMs: number,
  [triggerMs, untilMs]: readonly [number, number],
  inFlight: number,
  asked: number,
): Overrun[] {
  // Most streaks end in time. Only for the others it is necessary to count the endpoints that were out.
  if (untilMs - triggerMs < LEAK_MS) return [];
  const forMs = longestAllowed(context, of, [triggerMs, untilMs]);
  if (forMs < LEAK_MS) return [];
  const perMs = all / (untilMs - fromMs);
  // Merging hides the beginning of an ejection, and may hide a short one completely.
  const shownMs = context.rule.baseEjectionTimeMs - MERGE_WINDOW_MS - SLACK_MS;
  const windowWouldShow = WINDOW_SHOWS_AFTER / perMs <= shownMs;
  const enough = perMs * forMs - inFlight >= LEAK_TIMES * asked;
  const fails = enough && windowWouldShow && !severalGateways(context);
  return [{ endpoint: of.endpoint, count: all, fromMs, forMs, verdict: fails ? 'fail' : 'inconclusive' }];
}
