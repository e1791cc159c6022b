/** Options of `weighbridge lab` → a running lab, until a signal ends it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { UserError } from '../../errors.js';
import { packageRoot } from '../../io/package-root.js';
import { printEnvoy } from '../../lab/envoy/print-envoy.js';
import { startLab } from '../../lab/lab.js';
import { readManifests } from '../../plan/manifests/index.js';
import { parseCount } from '../../plan/units.js';
import { type Flags, many, on, one } from '../options/flags.js';
import { requireWritable } from '../outputs.js';
import { readStdin } from '../stdin.js';
import { describeLab } from './lab-text.js';

const SAMPLES = ['gateway.yaml', 'httproute-90-10.yaml', 'destinationrules.yaml', 'deployments.yaml'];
/** A Ctrl-C reaches Envoy as well, and perhaps sooner. */
const SIGNAL_GRACE_MS = 300;

/**
 * Runs the lab until SIGINT or SIGTERM.
 *
 * @returns the exit status: 0, since Ctrl-C is how a lab ends
 * @throws UserError for wrong options, bad manifests, ports in use, and when Envoy ends by itself
 */
export async function labFromFlags(flags: Flags): Promise<number> {
  const port = (name: string, fallback: number) => {
    const text = one(flags, name);
    return text === undefined ? fallback : parseCount(text, `--${name}`, { min: 0, max: 65_535 });
  };
  const ports = {
    port: port('port', 8080),
    tlsPort: port('tls-port', 8443),
    controlPort: port('control-port', 8081),
  };
  const seed = one(flags, 'seed');
  const envoyPath = one(flags, 'envoy-path') ?? null;
  const wantsEnvoy = on(flags, 'envoy');
  if (envoyPath !== null && !wantsEnvoy) {
    throw new UserError('--envoy-path belongs to a real Envoy: give --envoy too.');
  }
  const eventLog = one(flags, 'event-log');
  const faults = many(flags, 'fault');
  const sources = many(flags, 'manifest');
  const files = sources.length > 0 ? sources : SAMPLES.map((name) => join(packageRoot(), 'samples', name));
  const options = {
    ...ports,
    manifests: await readManifests(files, readStdin),
    faults,
    ...(seed === undefined ? {} : { seed: parseCount(seed, '--seed', { min: 0, max: 2 ** 32 - 1 }) }),
    tellEndpoint: on(flags, 'tell-endpoint'),
    defaultRetries: !on(flags, 'no-default-retries'),
    envoy: wantsEnvoy ? { path: envoyPath } : null,
    ...(eventLog === undefined ? {} : { outlierLogPath: resolve(eventLog) }),
  };
  if (options.manifests.routes.length === 0) {
    throw new UserError(
      'The manifests hold no HTTPRoute, GRPCRoute or VirtualService: the lab would serve nothing. Give one with -f.',
    );
  }
  if (on(flags, 'print-envoy')) {
    const { bootstrap, notes } = await printEnvoy(options);
    process.stdout.write(`${JSON.stringify(bootstrap, null, 2)}\n`);
    for (const note of notes) process.stderr.write(`${note}\n`);
    return 0;
  }

  // Envoy would end with words of its own.
  if (eventLog !== undefined && wantsEnvoy) requireWritable('event-log', eventLog);
  const stopped = untilStopped();
  const lab = await startLab(options);
  const folder = lab.caPem === null ? null : await mkdtemp(join(tmpdir(), 'weighbridge-lab-'));
  try {
    const caFile = folder === null ? null : join(folder, 'ca.pem');
    if (caFile !== null) await writeFile(caFile, lab.caPem ?? '');
    const { tellEndpoint } = options;
    process.stdout.write(
      describeLab(lab, options.manifests, { files: sources, caFile, envoy: wantsEnvoy, tellEndpoint }),
    );
    const ended = await Promise.race([stopped, lab.gatewayEnded]);
    if (ended !== 'signal' && (await Promise.race([stopped, delay(SIGNAL_GRACE_MS)])) !== 'signal') {
      throw new UserError(`The gateway ended by itself.\n${ended}`, 4);
    }
  } finally {
    await lab.close();
    if (folder !== null) await rm(folder, { recursive: true, force: true });
  }
  return 0;
}

/** Resolves at the first signal; a second one ends the process at once. */
function untilStopped(): Promise<'signal'> {
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      process.on(name, () => {
        process.once('SIGINT', () => process.exit(130));
        process.once('SIGTERM', () => process.exit(143));
        resolve('signal');
      });
    }
  });
}
