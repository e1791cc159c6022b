/** The body of `weighbridge run`, loaded only when it runs. */
import type { RunResult } from '../analysis/result.js';
import type { LiveCounts } from '../analysis/run-fold.js';
import type { LoadPlan, Plan } from '../plan/plan.js';
import { jsonReport } from '../report/json.js';
import type { ProgressGoal } from '../report/progress.js';
import { run } from '../run.js';
import { exitCode } from './exit-code.js';
import { type Flags, on, one } from './flags.js';
import { type Output, openOutputs, writeOutput } from './outputs.js';
import { planFromFlags } from './plan-from-flags.js';
import { ProgressLine } from './progress-line.js';
import { runSignals } from './signals.js';
import { readStdin } from './stdin.js';
import { terminalColumns, useColor } from './terminal.js';

/**
 * @returns the exit status
 * @throws UserError for what makes a run impossible
 */
export async function runFromFlags(url: string | undefined, flags: Flags): Promise<number> {
  const plan = await planFromFlags(url, flags, readStdin);
  const outputs = openOutputs(flags);
  const quiet = on(flags, 'quiet');
  const progress = quiet ? null : new ProgressLine(process.stderr);
  let begun = false;
  const signals = runSignals((name) => {
    progress?.end();
    const what = name === 'SIGINT' ? 'interrupted' : 'told to end';
    process.stderr.write(
      begun
        ? `weighbridge: ${what}; what was measured so far follows (once more ends at once)\n`
        : `weighbridge: ${what} before the load began; nothing was measured.\n`,
    );
    return begun ? 'keep' : 'end';
  });
  let result: RunResult;
  try {
    result = await run(plan, {
      preflight: !on(flags, 'no-preflight'),
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
    });
  } finally {
    progress?.end();
    signals.release();
  }
  const complaints: string[] = [];
  for (const output of outputs) {
    const complaint = writeOutput(output, await reportFor(output, result));
    if (complaint !== null) complaints.push(complaint);
  }
  // A machine reads standard output when a report goes there: the table would spoil it.
  if (!quiet && !outputs.some(({ file }) => file === '-')) {
    const { tableReport } = await import('../report/table.js');
    const columns = terminalColumns(process.stdout, process.env);
    const color = useColor(on(flags, 'no-color'), process.stdout, process.env);
    process.stdout.write(tableReport(result, { columns, color }));
  }
  for (const complaint of complaints) process.stderr.write(`weighbridge: ${complaint}\n`);
  return exitCode(result, complaints.length > 0);
}

/** What ends the run, as the progress line counts: from the start of the load, warm-up included. */
function goalOf({ requests, durationMs, warmup }: LoadPlan): ProgressGoal {
  const warmupMs = warmup !== null && 'durationMs' in warmup ? warmup.durationMs : 0;
  return { requests, durationMs: durationMs === null ? null : durationMs + warmupMs };
}

/** Reports are loaded when they are wanted: each brings a library of its own. */
async function reportFor({ flag }: Output, result: RunResult): Promise<string> {
  if (flag === 'json') return jsonReport(result);
  const { csvReport } = await import('../report/csv.js');
  return csvReport(result);
}
