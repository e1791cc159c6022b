/** The body of `weighbridge run`, loaded only when it runs. */
import type { RunResult } from '../analysis/result.js';
import type { LiveCounts } from '../analysis/run-fold.js';
import type { Plan } from '../plan/plan.js';
import { csvReport } from '../report/csv.js';
import { jsonReport } from '../report/json.js';
import { tableReport } from '../report/table.js';
import { run } from '../run.js';
import { exitCode } from './exit-code.js';
import { type Flags, on, one } from './flags.js';
import { openOutputs, writeOutput } from './outputs.js';
import { planFromFlags } from './plan-from-flags.js';
import { ProgressLine } from './progress-line.js';
import { runSignals } from './signals.js';
import { readStdin } from './stdin.js';

const WRITERS = { json: jsonReport, csv: csvReport } as const;
const PIPE_COLUMNS = 100;

/**
 * @returns the exit status
 * @throws UserError for what makes a run impossible
 */
export async function runFromFlags(url: string | undefined, flags: Flags): Promise<number> {
  const plan = await planFromFlags(url, flags, readStdin);
  const outputs = openOutputs(flags);
  const quiet = on(flags, 'quiet');
  const progress = quiet ? null : new ProgressLine(process.stderr);
  const signals = runSignals((name) => {
    progress?.end();
    process.stderr.write(
      `weighbridge: ${name === 'SIGINT' ? 'interrupted' : 'told to end'}; what was measured so far follows (once more ends at once)\n`,
    );
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
      onStart: (settled: Plan) => progress?.begin(settled.load),
      onProgress: (live: () => LiveCounts) => progress?.update(live),
    });
  } finally {
    progress?.end();
    signals.release();
  }
  const complaints = outputs
    .map((output) => writeOutput(output, WRITERS[output.flag](result)))
    .filter((complaint) => complaint !== null);
  // A machine reads standard output when a report goes there: the table would spoil it.
  if (!quiet && !outputs.some(({ file }) => file === '-')) {
    process.stdout.write(tableReport(result, { columns: terminalColumns(), color: useColor(flags) }));
  }
  for (const complaint of complaints) process.stderr.write(`weighbridge: ${complaint}\n`);
  return exitCode(result, complaints.length > 0);
}

function terminalColumns(): number {
  return process.stdout.columns ?? PIPE_COLUMNS;
}

/** https://no-color.org: any value that is not empty. */
function useColor(flags: Flags): boolean {
  if (on(flags, 'no-color') || (process.env['NO_COLOR'] ?? '') !== '') return false;
  return process.stdout.isTTY === true && process.env['TERM'] !== 'dumb';
}
