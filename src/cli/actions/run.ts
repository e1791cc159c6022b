/** What `weighbridge run` does: options → plan → run → reports → exit code. */
import type { RunResult } from '../../analysis/result.js';
import type { GatewaySources } from '../../blocks/gateway-observations.js';
import { makePlan } from '../../plan/make-plan.js';
import type { LoadPlan, Plan } from '../../plan/plan.js';
import { EJECTION_RULE } from '../../plan/policy/ejection-notes.js';
import type { ProgressGoal } from '../../report/progress.js';
import { run } from '../../run.js';
import { inSeconds } from '../../text/durations.js';
import { terminalText } from '../../text/printable.js';
import type { GatewayOptions } from '../options/gateway.js';
import { destinationsIn } from '../options/output.js';
import type { RunCommandOptions } from '../options/run.js';
import { refuseConflicts } from '../outputs/conflicts.js';
import { openReports, writeReports } from '../outputs/reports.js';
import { openSamples } from '../outputs/samples.js';
import { ProgressLine } from '../progress-line.js';
import { type RunSignals, runSignals } from '../signals.js';
import { exitCode } from '../verdict-exit.js';

const NOTHING_SENT = ' Nothing was sent.';
const WAITING_FOR_LOG =
  'the load has ended; waiting, at most 12 s, for events that Envoy has not written to its log yet (Ctrl-C stops this)';

/** How far a run has come: decides what is printed when a signal comes. */
type Stage = 'before' | 'load' | 'waiting';

/**
 * @returns the exit code
 * @throws UserError if the run is not possible
 */
export async function runAction(options: RunCommandOptions): Promise<number> {
  const { preflight, settleMs, output } = options;
  await refuseConflicts(options.inputs, destinationsIn(output));
  const plan = await makePlan(options.plan);
  openReports(output, NOTHING_SENT);
  const samples = await openSamples(output.samples, NOTHING_SENT);
  const say = output.quiet ? () => {} : report;
  printRulesWithoutEffect(plan, say);
  const progress = output.quiet ? null : new ProgressLine(process.stderr);
  let stage: Stage = 'before';
  const signals = signalsOf(() => {
    progress?.end();
    return stage;
  });
  if (settleMs !== undefined && process.stderr.isTTY) {
    say(`waiting for every version to answer, at most ${inSeconds(settleMs)} (--settle)`);
  }
  let result: RunResult;
  try {
    result = await run(plan, {
      preflight,
      settleMs,
      signal: signals.signal,
      endedBy: signals.endedBy,
      onStart: (settled) => {
        stage = 'load';
        progress?.begin(goalOf(settled.load));
      },
      onProgress: (live) => progress?.update(live),
      sinks: samples.sinks,
      gateway: sourcesOf(options.gateway),
      onGatewayWait: () => {
        stage = 'waiting';
        progress?.end();
        say(WAITING_FOR_LOG);
      },
    });
  } finally {
    progress?.end();
    signals.release();
  }
  const complaints = [...samples.complaints(), ...(await writeReports(result, output))];
  for (const complaint of complaints) report(complaint);
  return exitCode(result, complaints.length > 0);
}

function report(text: string): void {
  process.stderr.write(`weighbridge: ${text}\n`);
}

/** Undefined: the gateway is not asked. */
function sourcesOf({ admins, eventLog }: GatewayOptions): GatewaySources | undefined {
  return admins.length === 0 && eventLog === undefined ? undefined : { admins, eventLog: eventLog ?? null };
}

function signalsOf(stageNow: () => Stage): RunSignals {
  return runSignals((name) => {
    const stage = stageNow();
    const what = name === 'SIGINT' ? 'interrupted' : 'terminated';
    if (stage === 'before') {
      report(`${what} before the load began; nothing was measured.`);
      return 'end';
    }
    const kept =
      stage === 'waiting'
        ? 'no longer waiting for the event log; the load had ended, and the whole report follows'
        : 'the report on what was measured so far follows';
    report(`${what}; ${kept} (a second signal exits at once)`);
    return 'keep';
  });
}

/** Prints, before the load, which ejections cannot happen or cannot be seen, so that nobody waits for them. */
function printRulesWithoutEffect({ notes }: Plan, say: (text: string) => void): void {
  for (const { code, text } of notes) if (code === EJECTION_RULE) say(terminalText(text));
}

/** What ends the run, counted like the progress line: from the start of the load, including the warm-up. */
function goalOf({ requests, durationMs, warmup }: LoadPlan): ProgressGoal {
  const warmupMs = warmup !== null && 'durationMs' in warmup ? warmup.durationMs : 0;
  return { requests, durationMs: durationMs === null ? null : durationMs + warmupMs };
}
