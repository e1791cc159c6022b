/** What `weighbridge demo` does: three runs against a lab, each printed as a command that can be copied. */
import { join } from 'node:path';
import type { Verdict } from '../../analysis/result.js';
import { UserError } from '../../errors.js';
import { EXIT_CODES } from '../../exit-codes.js';
import { type Lab, startLab } from '../../lab/lab.js';
import { readManifests } from '../../plan/manifests/index.js';
import { descriptorUse } from '../../probes/load/descriptors.js';
import { printableLines } from '../../text/printable.js';
import { complain } from '../complain.js';
import type { DemoOptions } from '../options/demo.js';
import type { Flags } from '../options/flags.js';
import { flagWords } from '../options/given-command.js';
import { sampleManifests } from '../options/lab.js';
import { parseRun, RUN_FLAGS } from '../options/run.js';
import { refuseConflicts } from '../outputs/conflicts.js';
import { requireFolder, requireWritable } from '../outputs/destinations.js';
import { inputsIn } from '../outputs/inputs.js';
import { pathFromUser, programWords, shellCommand } from '../shell-command.js';
import { runAction } from './run.js';

/** A change in the lab: its gateway's weights, or a fault. */
type Change = { readonly weights: Readonly<Record<string, number>> } | { readonly fault: string };

interface DemoRun {
  readonly name: string;
  readonly title: string;
  /** Changes of the lab before the run. */
  readonly changes: readonly Change[];
  readonly verdict: Verdict;
}

const RUNS: readonly DemoRun[] = [
  {
    name: 'kept',
    title: 'The route says 90/10, and the gateway keeps it.',
    changes: [],
    verdict: 'pass',
  },
  {
    name: 'off-by-5',
    title: 'The route says 90/10, but a replica of the gateway still has older weights: it sends 85/15.',
    changes: [{ weights: { 'backend-v1': 85, 'backend-v2': 15 } }],
    verdict: 'fail',
  },
  {
    name: 'failing-version',
    title: 'The weights are kept again, and every pod of v2 answers 500.',
    changes: [{ weights: { 'backend-v1': 90, 'backend-v2': 10 } }, { fault: 'backend-v2:status=500' }],
    verdict: 'fail',
  },
];

const CONNECTIONS = '20';
/** This process has both ends of each connection to the gateway, and of the gateway's connection to a pod for it. */
const FILES_PER_CONNECTION = 4;
/** Open files for the load's thread, the modules that it loads, and reports. */
const OTHER_FILES = 16;
const STOPPED: readonly number[] = [EXIT_CODES.interrupted.code, EXIT_CODES.terminated.code];

/**
 * @returns 0 if the three verdicts are as expected
 * @throws UserError if the folder cannot be made, or a file in it cannot be written
 */
export async function demoAction(options: DemoOptions): Promise<number> {
  const manifests = sampleManifests().map((file) => pathFromUser(file));
  const destinations = RUNS.flatMap((run) =>
    Object.entries(filesOf(run, options.folder)).map(([flag, file]) => ({ flag, file })),
  );
  await refuseConflicts(inputsIn(RUN_FLAGS, { manifest: sampleManifests() }), destinations);
  requireFolder('out', options.folder);
  for (const destination of destinations) requireWritable(destination);
  const lab = await startLab({ manifests: await readManifests(sampleManifests()) });
  let asExpected = true;
  try {
    requireOpenFiles();
    const url = lab.urls.http as string;
    print(`The lab: a gateway at ${url} in front of three pods of backend-v1 and two of backend-v2.\n`);
    for (const run of RUNS) {
      print(`\n${'─'.repeat(60)}\n${run.title}\n`);
      for (const change of run.changes) {
        apply(lab, change);
        print(`$ ${shellCommand(curlWords(lab, change))}\n`);
      }
      const flags = flagsOf(run, options);
      const shown = { ...flags, manifest: manifests, ...filesOf(run, pathFromUser(options.folder)) };
      print(`$ ${shellCommand([...programWords(), 'run', url, ...flagWords(shown, RUN_FLAGS)])}\n\n`);
      const status = await runAction(parseRun(url, flags));
      if (STOPPED.includes(status)) return status;
      if (status !== EXIT_CODES[run.verdict].code) asExpected = false;
      print(`(exit status ${status})\n`);
    }
  } finally {
    await lab.close();
  }
  print(`\nWritten: ${destinations.map(({ file }) => file).join(', ')}\n\n`);
  print(`To repeat these commands, start the same lab in another terminal:\n$ ${labCommand(lab)}\n`);
  if (!asExpected) complain('a verdict was not as expected; see above.');
  return EXIT_CODES[asExpected ? 'pass' : 'fail'].code;
}

/** A gateway that cannot open connections would look like one that breaks them. */
function requireOpenFiles(): void {
  const { limit, inUse } = descriptorUse();
  const needed = inUse + FILES_PER_CONNECTION * Number(CONNECTIONS) + OTHER_FILES;
  if (limit === null || needed <= limit) return;
  throw new UserError(
    `The demo needs about ${needed} open files, but this process may have ${limit}. Nothing was sent. ` +
      `Raise the limit (ulimit -n ${needed}).`,
  );
}

function print(text: string): void {
  process.stdout.write(printableLines(text));
}

function filesOf({ name }: DemoRun, folder: string): { readonly json: string; readonly csv: string } {
  return { json: join(folder, `${name}.json`), csv: join(folder, `${name}.csv`) };
}

function flagsOf(run: DemoRun, { requests, folder, color }: DemoOptions): Flags {
  return {
    manifest: sampleManifests(),
    requests: String(requests),
    connections: CONNECTIONS,
    ...filesOf(run, folder),
    ...(color ? {} : { 'no-color': true }),
  };
}

function apply(lab: Lab, change: Change): void {
  if ('weights' in change) lab.setWeights(change.weights);
  else lab.setFault(change.fault);
}

/** The command that makes the change through the lab's control endpoint. */
function curlWords(lab: Lab, change: Change): string[] {
  return 'weights' in change
    ? ['curl', '-X', 'PUT', '-d', JSON.stringify(change.weights), `${lab.urls.control}/weights`]
    : ['curl', '-d', JSON.stringify(change), `${lab.urls.control}/faults`];
}

/** The command that starts the demo's lab at the same ports. */
function labCommand({ urls, seed }: Lab): string {
  const ports = ['--port', new URL(urls.http as string).port, '--control-port', new URL(urls.control).port];
  return shellCommand([...programWords(), 'lab', ...ports, '--seed', String(seed)]);
}
