/** However `lab --envoy` ends, neither its Envoy nor a file of it stays. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { packageRoot } from '../../src/io/package-root.js';
import { sample, scratch } from '../e2e/sample-lab.js';
import { until } from '../lab/client.js';
import { type RunningCli, startCli } from '../support/cli.js';
import { envoyForTests } from '../support/envoy.js';
import { processesWith } from '../support/processes.js';

const FAULT = join(packageRoot(), 'test', 'fixtures', 'own-fault.cjs');

/** The folder with the certificate, which is not secret: only SIGKILL leaves it. */
const CERTIFICATE = 'weighbridge-lab-';

interface EnvoyCli extends RunningCli {
  /** Its folder for temporary files, which only it and its Envoy use. */
  readonly folder: string;
}

/** A lab with an HTTPS listener, so that there are a key and a certificate. */
function startLab(t: TestContext, env: Readonly<Record<string, string>> = {}): EnvoyCli {
  const folder = scratch(t);
  const manifests = ['gateway-tls.yaml', 'httproute-90-10.yaml', 'deployments.yaml'];
  const words = manifests.flatMap((name) => ['-f', sample(name)]);
  const ports = ['--port', '0', '--tls-port', '0', '--control-port', '0'];
  const cli = startCli(t, ['lab', '--envoy', ...ports, ...words], { env: { TMPDIR: folder, ...env } });
  return { ...cli, folder };
}

const serves = (lab: EnvoyCli) => /^Seed: /m.test(lab.stdout());

/** Envoy and its guardian have the folder in their command lines. */
const processesOf = ({ folder }: EnvoyCli) => processesWith(folder);

/** @param but the beginning of names of files that may be left */
async function assertNothingLeft(lab: EnvoyCli, but?: string): Promise<void> {
  await until(() => processesOf(lab).length === 0, 'no process is left');
  const left = () => readdirSync(lab.folder).filter((name) => but === undefined || !name.startsWith(but));
  await until(() => left().length === 0, `no file is left in ${lab.folder}`);
}

/** Signals, and the exit status then; null: it is the signal's. */
const ENDS = [
  ['SIGINT', 0],
  ['SIGTERM', 0],
  ['SIGHUP', 0],
  ['SIGKILL', null],
] as const;

for (const [signal, status] of ENDS) {
  test(`a lab that serves, ${signal}`, async (t) => {
    if (envoyForTests(t) === undefined) return;
    const lab = startLab(t);
    await until(() => serves(lab), 'the lab serves');
    assert.ok(processesOf(lab).some(({ command }) => command.includes('--config-path')));
    assert.deepEqual(
      readdirSync(lab.folder).map((name) => name.replace(/[^-]*$/u, '')),
      [CERTIFICATE],
      'the private key is on disk only while Envoy starts',
    );
    lab.child.kill(signal);
    const end = await lab.end;
    assert.equal(end.status, status, end.stderr);
    await assertNothingLeft(lab, signal === 'SIGKILL' ? CERTIFICATE : undefined);
  });
}

test('a second signal does not wait for the lab to close', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const lab = startLab(t);
  await until(() => serves(lab), 'the lab serves');
  lab.child.kill('SIGINT');
  lab.child.kill('SIGTERM');
  // The lab may have closed before the second one comes.
  assert.ok([0, 130, 143].includes((await lab.end).status as number));
  await assertNothingLeft(lab);
});

const MOMENTS: readonly (readonly [what: string, file: string])[] = [
  ['the folder is made', '.'],
  ['the private key is written', 'bootstrap.json'],
  ['Envoy was started', 'pid'],
];

for (const [what, file] of MOMENTS) {
  for (const signals of [['SIGKILL'], ['SIGINT'], ['SIGHUP', 'SIGTERM']] as NodeJS.Signals[][]) {
    test(`a lab that starts, ${signals.join(', ')} when ${what}`, async (t) => {
      if (envoyForTests(t) === undefined) return;
      const lab = startLab(t);
      const there = () =>
        readdirSync(lab.folder).some((name) => existsSync(join(lab.folder, name, file))) || serves(lab);
      await until(there, what);
      for (const signal of signals) lab.child.kill(signal);
      await lab.end;
      await assertNothingLeft(lab, signals.includes('SIGKILL') ? CERTIFICATE : undefined);
    });
  }
}

test('a lab whose reader has gone, SIGHUP', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const lab = startLab(t);
  lab.child.stdout.destroy();
  lab.child.stderr.destroy();
  await until(() => processesOf(lab).length > 0, 'Envoy starts');
  lab.child.kill('SIGHUP');
  await lab.end;
  await assertNothingLeft(lab);
});

test('a lab that fails by an error in weighbridge itself', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const now = join(scratch(t), 'now');
  const lab = startLab(t, { NODE_OPTIONS: `-r ${FAULT}`, OWN_FAULT: 'main-throws', FAULT_SIGNAL: now });
  await until(() => serves(lab), 'the lab serves');
  writeFileSync(now, '');
  assert.equal((await lab.end).status, 70);
  await assertNothingLeft(lab);
});

test('an Envoy that is killed ends the lab, with an error', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const lab = startLab(t);
  await until(() => serves(lab), 'the lab serves');
  const envoy = processesOf(lab).find(({ command }) => !command.includes('weighbridge-guardian'));
  process.kill(envoy?.pid ?? assert.fail('no Envoy'), 'SIGKILL');
  const end = await lab.end;
  assert.equal(end.status, 4);
  assert.match(end.stderr, /The gateway stopped unexpectedly/);
  await assertNothingLeft(lab);
});
