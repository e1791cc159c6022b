/** The three runs of the demo. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Verdict } from '../../analysis/result.js';
import { UserError } from '../../errors.js';
import { packageRoot } from '../../io/package-root.js';
import { type Lab, startLab } from '../../lab/lab.js';
import { readManifests } from '../../plan/manifests/index.js';
import { runFromFlags } from './run-from-flags.js';

interface DemoRun {
  readonly name: string;
  readonly title: string;
  readonly prepare: (lab: Lab) => void;
  readonly verdict: Verdict;
}

const RUNS: readonly DemoRun[] = [
  {
    name: 'kept',
    title: 'The route says 90/10, and the gateway keeps it.',
    prepare: () => {},
    verdict: 'pass',
  },
  {
    name: 'off-by-5',
    title: 'The route says 90/10, but a replica of the gateway still has older weights: it sends 85/15.',
    prepare: (lab) => lab.setWeights({ 'backend-v1': 85, 'backend-v2': 15 }),
    verdict: 'fail',
  },
  {
    name: 'failing-version',
    title: 'The weights are kept again, and every pod of v2 answers 500.',
    prepare: (lab) => {
      lab.setWeights({ 'backend-v1': 90, 'backend-v2': 10 });
      lab.setFault('backend-v2:status=500');
    },
    // Which version the gateway meant when it says "no healthy upstream" is not known: v2's share is bounded only.
    verdict: 'pass',
  },
];

const SAMPLES = ['gateway.yaml', 'httproute-90-10.yaml', 'destinationrules.yaml', 'deployments.yaml'];
const EXIT_STATUS: Readonly<Record<Verdict, number>> = { pass: 0, fail: 1, inconclusive: 3 };

export interface DemoOptions {
  readonly requests: string | undefined;
  readonly folder: string;
  readonly color: boolean;
}

/**
 * @returns 0 when the three verdicts are what the lab was set to
 * @throws UserError when the folder cannot be made
 */
export async function runDemo(options: DemoOptions): Promise<number> {
  const samples = join(packageRoot(), 'samples');
  const sources = SAMPLES.map((file) => join(samples, file));
  try {
    mkdirSync(options.folder, { recursive: true });
  } catch (error) {
    throw new UserError(
      `--out: ${options.folder} cannot be made (${(error as NodeJS.ErrnoException).code}).`,
    );
  }
  const lab = await startLab({ manifests: await readManifests(sources, async () => '') });
  const files: string[] = [];
  let asSet = true;
  try {
    const url = lab.urls.http as string;
    process.stdout.write(
      `The lab: a gateway at ${url} before three pods of backend-v1 and two of backend-v2.\n`,
    );
    for (const run of RUNS) {
      run.prepare(lab);
      const json = join(options.folder, `${run.name}.json`);
      const csv = join(options.folder, `${run.name}.csv`);
      files.push(json, csv);
      process.stdout.write(
        `\n${'─'.repeat(60)}\n${run.title}\n$ weighbridge run ${url} -f samples/httproute-90-10.yaml --json ${json} --csv ${csv}\n\n`,
      );
      const status = await runFromFlags(url, {
        manifest: sources,
        requests: options.requests ?? '8000',
        connections: '20',
        json,
        csv,
        'no-color': !options.color,
      });
      if (status === 130 || status === 143) return status;
      if (status !== EXIT_STATUS[run.verdict]) asSet = false;
      process.stdout.write(`(exit status ${status})\n`);
    }
  } finally {
    await lab.close();
  }
  process.stdout.write(`\nWritten: ${files.join(', ')}\n`);
  if (!asSet) process.stderr.write('weighbridge: a verdict was not what the lab was set to; see above.\n');
  return asSet ? 0 : 1;
}
