/** README's commands run against the embedded lab, and its output is what they print. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { packageRoot } from '../../src/io/package-root.js';
import { type Lab, startLab } from '../../src/lab/lab.js';
import { readManifests } from '../../src/plan/manifests/index.js';
import { assertNoStack, startCli, weighbridge } from '../support/cli.js';
import { type DocumentedCommand, documentedCommands } from '../support/documented-commands.js';
import { codeBlocks, documentText, shape } from '../support/markdown.js';

const samples = join(packageRoot(), 'samples');
const folder = mkdtempSync(join(tmpdir(), 'weighbridge-readme-'));
const readme = documentText('README.md');
const commands = documentedCommands(codeBlocks(readme));
/** As `weighbridge lab` starts them: without and with `--tell-endpoint`. */
let labs: { readonly plain: Lab; readonly telling: Lab };

before(async () => {
  const manifests = await readManifests(
    ['gateway', 'httproute-90-10', 'destinationrules', 'deployments'].map((name) =>
      join(samples, `${name}.yaml`),
    ),
    async () => '',
  );
  labs = {
    plain: await startLab({ manifests, seed: 1 }),
    telling: await startLab({ manifests, seed: 1, tellEndpoint: true }),
  };
  symlinkSync(samples, join(folder, 'samples'));
  cpSync(join(samples, 'httproute-90-10.yaml'), join(folder, 'route.yaml'));
});
after(async () => {
  await labs.plain.close();
  await labs.telling.close();
  rmSync(folder, { recursive: true, force: true });
});

test('README has commands of every kind', () => {
  const kinds = new Set(commands.map(({ args }) => args[0]));
  assert.deepEqual([...kinds].sort(), [
    'analyze',
    'compare',
    'doctor',
    'identify',
    'instrument',
    'lab',
    'limits',
    'plan',
    'run',
  ]);
});

for (const command of commands) {
  const { args, output } = command;
  const name = `weighbridge ${args.join(' ')}`;
  if (args[0] === 'lab') {
    // A real Envoy is for test/envoy.
    if (!args.includes('--envoy')) test(name, (t) => startsLab(t, args));
    continue;
  }
  test(name, async (t) => {
    const input = command.piped ? readFileSync(join(samples, 'kubectl-get.yaml'), 'utf8') : '';
    const end = await weighbridge(t, againstLab(command), { cwd: folder, input });
    assert.ok([0, 1, 3].includes(end.status ?? -1), `${end.status}: ${end.stderr}`);
    assertNoStack(end.stderr);
    if (output.length > 0 && isRunAsWritten(command)) assertPrints(end.stdout, output);
  });
}

async function startsLab(t: TestContext, args: readonly string[]): Promise<void> {
  const anyPort = ['--port', '--tls-port', '--control-port'].flatMap((flag) => [flag, '0']);
  const lab = startCli(t, [...args, ...anyPort], { cwd: folder });
  for await (const _text of lab.child.stdout) {
    if (lab.stdout().includes('Seed:')) break;
  }
  lab.child.kill('SIGINT');
  const { stdout, stderr } = await lab.end;
  assert.match(stdout, /http:\/\/127\.0\.0\.1:\d+/);
  assert.equal(stderr, '');
}

/** The command with the lab's addresses, and shorter if its output is not compared. */
function againstLab({ args, piped, output }: DocumentedCommand): string[] {
  const lab = args.includes('--endpoint-from') ? labs.telling : labs.plain;
  const url = new URL(lab.urls.http as string);
  const words = args.map((word) => (word.startsWith('http://') ? url.origin : word));
  // The lab of these tests has backends without delay, so that a search would load the machine as much as it can.
  if (args[0] === 'limits') return withValue(withValue(words, '--steps', '1,2'), '--max-time', '1s');
  if (args[0] !== 'run') return words;
  if (piped) words.push('--connect-to', `203.0.113.7:80:${url.host}`);
  if (!words.includes('-n')) return withValue(words, '-z', '1s');
  return output.length > 0 ? words : withValue(words, '-n', '2000');
}

function withValue(words: readonly string[], flag: string, value: string): string[] {
  const at = words.indexOf(flag);
  return at < 0 ? [...words, flag, value] : words.with(at + 1, value);
}

/** A run for a number of requests ends early on no machine, so that its report has the same lines. For a search see readme-limits.test.ts. */
const isRunAsWritten = ({ args }: DocumentedCommand) =>
  args[0] !== 'limits' && (args[0] !== 'run' || args.includes('-n'));

/** Each line of the document is printed, in its order; numbers may differ. */
function assertPrints(stdout: string, output: readonly string[]): void {
  const printed = stdout.split('\n').map(shape);
  let from = 0;
  for (const line of output) {
    const found = printed.indexOf(shape(line), from);
    assert.ok(found >= 0, `not printed: ${line}\n${stdout}`);
    from = found + 1;
  }
}
