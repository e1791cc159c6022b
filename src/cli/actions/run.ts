/** What `weighbridge run` does: options → plan → run → reports → exit code. */
import type { RunResult } from '../../analysis/result.js';
import type { GatewaySources } from '../../blocks/gateway-observations.js';
import { makePlan } from '../../plan/make-plan.js';
import type { NoteCode } from '../../plan/note-code.js';
import type { Plan } from '../../plan/plan.js';
import { EJECTION_RULE } from '../../plan/policy/ejection-notes.js';
import { run } from '../../run.js';
import { RunFailure } from '../../run-options.js';
import { inSeconds } from '../../text/durations.js';
import { terminalText } from '../../text/printable.js';
import { complain } from '../complain.js';
import { tellInternalError } from '../internal-error.js';
import type { GatewayOptions } from '../options/gateway.js';
import { destinationsIn } from '../options/output.js';
import type { RunCommandOptions } from '../options/run.js';
import { refuseConflicts } from '../outputs/conflicts.js';
import { STDOUT } from '../outputs/destinations.js';
import { madeBy, openReports, writeReports } from '../outputs/reports.js';
import { openSamples } from '../outputs/samples.js';
import { progressOn } from '../progress-on.js';
import { controlRun } from '../run-control.js';
import { runGoal } from '../run-goal.js';
import type { RunProgress } from '../run-progress.js';
import { useColor } from '../terminal.js';
import { compileParserFor } from '../v8-flags.js';
import { exitCode } from '../verdict-exit.js';

const NOTHING_SENT = ' Nothing was sent.';
const WAITING_FOR_LOG =
  'the load has ended; waiting, at most 12 s, for events that Envoy has not written to its log yet (Ctrl-C stops this)';

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
  const say = output.quiet ? () => {} : complain;
  const notes = notesBeforeTheLoad(plan);
  for (const note of notes) say(note);
  const progress = output.quiet ? null : await progressOf(output);
  const control = controlRun((text) => {
    progress?.end();
    complain(text);
  });
  if (settleMs !== undefined && process.stderr.isTTY) {
    say(`waiting for every version to answer, at most ${inSeconds(settleMs)} (--settle)`);
  }
  const parserMade = compileParserFor(plan.load);
  const asksBefore = preflight || settleMs !== undefined;
  try {
    const { result, failure } = await resultOf(
      run(plan, {
        preflight,
        settleMs,
        signal: control.signal,
        forceSignal: control.forceSignal,
        endedBy: control.endedBy,
        onStart: (settled) => {
          control.stage = 'load';
          if (asksBefore) parserMade();
          progress?.begin(runGoal(settled, notes));
        },
        onProgress: (live, soFar) => progress?.update(live, soFar),
        sinks: samples.sinks,
        gateway: sourcesOf(options.gateway),
        onGatewayWait: () => {
          control.stage = 'waiting';
          progress?.end();
          say(WAITING_FOR_LOG);
        },
      }),
    );
    control.stage = 'writing';
    progress?.end();
    const complaints = [
      ...samples.complaints(),
      ...(await writeReports(madeBy(result, options.command), output)),
    ];
    for (const complaint of complaints) complain(complaint);
    if (failure !== null) tellInternalError(failure, ' The report is on what was measured up to then.');
    // A signal that came after the load changes neither the report nor the status.
    const ended = control.failedWriting() ? 'failed' : result.ended;
    const code = exitCode({ ...result, ended }, complaints.length > 0);
    if (samples.stdoutHangs()) process.exit(code);
    return code;
  } finally {
    progress?.end();
    control.release();
  }
}

/** The result, also of a run that broke off. */
async function resultOf(
  running: Promise<RunResult>,
): Promise<{ readonly result: RunResult; readonly failure: Error | null }> {
  try {
    return { result: await running, failure: null };
  } catch (error) {
    if (!(error instanceof RunFailure)) throw error;
    return { result: error.result, failure: error.cause };
  }
}

/** Undefined: the gateway is not asked. */
function sourcesOf({ admins, eventLog }: GatewayOptions): GatewaySources | undefined {
  return admins.length === 0 && eventLog === undefined ? undefined : { admins, eventLog: eventLog ?? null };
}

/** What is worth to know before the load: that nobody waits for ejections that cannot happen, and why answers may be errors. */
const BEFORE_THE_LOAD: readonly NoteCode[] = [EJECTION_RULE, 'listener-tls', 'missing-subset'];

function notesBeforeTheLoad({ notes }: Plan): string[] {
  return notes
    .filter(({ code }) => BEFORE_THE_LOAD.some((one) => one === code))
    .map(({ text }) => terminalText(text));
}

function progressOf({ color, tui, samples }: RunCommandOptions['output']): Promise<RunProgress> {
  // Samples that are written to the terminal while the run goes on must not be drawn over.
  const isShared = process.stdout.isTTY && samples.some(({ file }) => file === STDOUT);
  return progressOn(process.stderr, process.env, {
    tui: tui && !isShared,
    color: useColor(!color, process.stderr, process.env),
  });
}
