/** The body of `weighbridge run`, loaded only when it runs. */
import type { RunResult } from '../../analysis/result.js';
import type { LiveCounts } from '../../analysis/run-fold.js';
import type { LoadPlan, Plan } from '../../plan/plan.js';
import { EJECTION_RULE } from '../../plan/policy/ejection-notes.js';
import { parsePositiveDuration } from '../../plan/units.js';
import type { ProgressGoal } from '../../report/progress.js';
import { run } from '../../run.js';
import { terminalText } from '../../text/printable.js';
import { exitCode } from '../exit-code.js';
import { type Flags, on, one } from '../options/flags.js';
import { gatewayFromFlags } from '../options/gateway-from-flags.js';
import { planFromFlags } from '../options/plan-from-flags.js';
import { openOutputs } from '../outputs.js';
import { ProgressLine } from '../progress-line.js';
import { writeReports } from '../reports.js';
import { openSampleOutputs } from '../sample-outputs.js';
import { runSignals } from '../signals.js';
import { readStdin } from '../stdin.js';

/**
 * @returns the exit status
 * @throws UserError for what makes a run impossible
 */
export async function runFromFlags(url: string | undefined, flags: Flags): Promise<number> {
  const settleText = one(flags, 'settle');
  const settleMs = settleText === undefined ? undefined : parsePositiveDuration(settleText, '--settle');
  const gateway = gatewayFromFlags(flags);
  const plan = await planFromFlags(url, flags, readStdin);
  const outputs = openOutputs(flags);
  const samples = await openSampleOutputs(flags, outputs);
  const quiet = on(flags, 'quiet');
  if (!quiet) sayRulesThatCannotAct(plan);
  const progress = quiet ? null : new ProgressLine(process.stderr);
  let begun = false;
  let isWaiting = false;
  const signals = runSignals((name) => {
    progress?.end();
    const what = name === 'SIGINT' ? 'interrupted' : 'told to end';
    const kept = isWaiting
      ? 'the event log is waited for no longer; the run was over, and all that it measured follows'
      : 'what was measured so far follows';
    process.stderr.write(
      begun
        ? `weighbridge: ${what}; ${kept} (once more ends at once)\n`
        : `weighbridge: ${what} before the load began; nothing was measured.\n`,
    );
    return begun ? 'keep' : 'end';
  });
  if (settleMs !== undefined && !quiet && process.stderr.isTTY) {
    process.stderr.write(
      `weighbridge: waiting for every version to answer, at most ${settleText} (--settle)\n`,
    );
  }
  let result: RunResult;
  try {
    result = await run(plan, {
      preflight: !on(flags, 'no-preflight'),
      settleMs,
      given: {
        version: one(flags, 'version-from') !== undefined,
        endpoint: one(flags, 'endpoint-from') !== undefined,
      },
      signal: signals.signal,
      endedBy: signals.endedBy,
      onStart: (settled: Plan) => {
        begun = true;
        progress?.begin(goalOf(settled.load));
      },
      onProgress: (live: () => LiveCounts) => progress?.update(live),
      sinks: samples.sinks,
      gateway,
      onGatewayWait: () => {
        isWaiting = true;
        progress?.end();
        if (!quiet) process.stderr.write(WAITING_FOR_LOG);
      },
    });
  } finally {
    progress?.end();
    signals.release();
  }
  const complaints = samples.complaints();
  complaints.push(...(await writeReports(result, outputs, flags, samples.onStdout)));
  for (const complaint of complaints) process.stderr.write(`weighbridge: ${complaint}\n`);
  return exitCode(result, complaints.length > 0);
}

/** What is known of ejections before the load: nobody should wait minutes for what cannot be seen. */
function sayRulesThatCannotAct({ notes }: Plan): void {
  for (const { code, text } of notes) {
    if (code === EJECTION_RULE) process.stderr.write(`weighbridge: ${terminalText(text)}\n`);
  }
}

const WAITING_FOR_LOG =
  'weighbridge: the load has ended; waiting for what Envoy has not written to its event log yet, at most 12 s (Ctrl-C ends that)\n';

/** What ends the run, as the progress line counts: from the start of the load, warm-up included. */
function goalOf({ requests, durationMs, warmup }: LoadPlan): ProgressGoal {
  const warmupMs = warmup !== null && 'durationMs' in warmup ? warmup.durationMs : 0;
  return { requests, durationMs: durationMs === null ? null : durationMs + warmupMs };
}
