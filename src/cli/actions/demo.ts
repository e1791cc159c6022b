/** What `weighbridge demo` does: three runs against a lab. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Verdict } from '../../analysis/result.js';
import { UserError } from '../../errors.js';
import { EXIT_CODES } from '../../exit-codes.js';
import { type Lab, startLab } from '../../lab/lab.js';
import { readManifests } from '../../plan/manifests/index.js';
import type { DemoOptions } from '../options/demo.js';
import { sampleManifests } from '../options/lab.js';
import { parseRun } from '../options/run.js';
import { runAction } from './run.js';

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

/**
 * @returns 0 when the three verdicts are what the lab was set to
 * @throws UserError when the folder cannot be made
 */
export async function demoAction(options: DemoOptions): Promise<number> {
  const sources = sampleManifests();
  try {
    mkdirSync(options.folder, { recursive: true });
  } catch (error) {
    throw new UserError(
      `--out: ${options.folder} cannot be made (${(error as NodeJS.ErrnoException).code}).`,
    );
  }
  const lab = await startLab({ manifests: await readManifests(sources) });
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
      const flags = {
        manifest: sources,
        requests: options.requests,
        connections: '20',
        json,
        csv,
        'no-color': !options.color,
      };
      const status = await runAction(parseRun(url, flags));
      if (status === EXIT_CODES.interrupted.code || status === EXIT_CODES.terminated.code) return status;
      if (status !== EXIT_CODES[run.verdict].code) asSet = false;
      process.stdout.write(`(exit status ${status})\n`);
    }
  } finally {
    await lab.close();
  }
  process.stdout.write(`\nWritten: ${files.join(', ')}\n`);
  if (!asSet) process.stderr.write('weighbridge: a verdict was not what the lab was set to; see above.\n');
  return asSet ? 0 : 1;
}
