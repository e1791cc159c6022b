import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { assertNoStack, weighbridge } from '../support/cli.js';
import { drawnAnew } from '../support/draws.js';
import { readResult } from '../support/result-schema.js';
import { scratch } from './sample-lab.js';

test('the demo weighs three splits, says where the files are, and ends with 0', async (t) => {
  const out = join(scratch(t), 'reports');
  // 12,000 requests see a share of 10 % to 0.27 points: chance spoils one of both passes once in 10^7 demos.
  const { end } = await drawnAnew(
    async () => ({
      end: await weighbridge(t, ['demo', '--requests', '12000', '--out', out]),
      kept: readResult(readFileSync(join(out, 'kept.json'), 'utf8')),
    }),
    ({ kept }) => kept,
  );
  assert.equal(end.status, 0, end.stdout + end.stderr);
  assertNoStack(end.stderr);
  for (const [name, verdict] of [
    ['kept', 'pass'],
    ['off-by-5', 'fail'],
    ['failing-version', 'fail'],
  ]) {
    const result = readResult(readFileSync(join(out, `${name}.json`), 'utf8'));
    assert.equal(result.verdict, verdict, name);
    assert.match(end.stdout, new RegExp(`${name}\\.csv`));
  }
  const failing = readResult(readFileSync(join(out, 'failing-version.json'), 'utf8'));
  assert.ok((failing.overall.statuses['500'] ?? 0) > 0, JSON.stringify(failing.overall.statuses));
  await copiedCommandsWork(t, end.stdout, out);
});

/** The lab's command and those of the first two runs do as they are printed. */
async function copiedCommandsWork(t: TestContext, stdout: string, out: string): Promise<void> {
  const commands = [...stdout.matchAll(/^\$ (.*)$/gm)].map(([, command]) => command as string);
  const [kept = '', setWeights = '', offBy5 = ''] = commands;
  const lab = spawn('sh', ['-c', `exec ${commands.at(-1)}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => lab.kill('SIGKILL'));
  let said = '';
  for await (const text of lab.stdout) {
    said += text;
    if (said.includes('Seed:')) break;
  }
  const json = join(out, 'kept.json');
  const { status, result } = await drawnAnew(
    async () => {
      rmSync(json);
      return { status: await statusOf(kept), result: readResult(readFileSync(json, 'utf8')) };
    },
    (run) => run.result,
  );
  assert.deepEqual([status, result.verdict], [0, 'pass'], kept);
  assert.match(setWeights, /^curl /);
  assert.match(offBy5, /off-by-5\.json/);
  lab.kill('SIGINT');
  await once(lab, 'close');
}

async function statusOf(command: string): Promise<number> {
  const child = spawn('sh', ['-c', command], { stdio: 'ignore' });
  const [status] = await once(child, 'close');
  return status as number;
}
