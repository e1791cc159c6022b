/** What `weighbridge lab` does: runs a lab until a signal ends it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { UserError } from '../../errors.js';
import { EXIT_CODES } from '../../exit-codes.js';
import { printEnvoy } from '../../lab/envoy/print-envoy.js';
import { type LabOptions, startLab } from '../../lab/lab.js';
import { readManifests } from '../../plan/manifests/index.js';
import { ROUTE_KINDS } from '../../plan/manifests/readers/index.js';
import { jsonText } from '../../report/json.js';
import { printableLines } from '../../text/printable.js';
import { complain } from '../complain.js';
import type { LabCommandOptions } from '../options/lab.js';
import { refuseConflicts } from '../outputs/conflicts.js';
import { requireWritable } from '../outputs/destinations.js';
import { runSignals } from '../signals.js';
import { describeLab } from './lab-text.js';

/** A service manager signals Envoy too, maybe before this process: its end within this time before ours is no error. */
const SIGNAL_GRACE_MS = 300;

/**
 * Runs the lab until SIGINT, SIGTERM or SIGHUP.
 *
 * @returns the exit status: 0, since Ctrl-C is how a lab is stopped
 * @throws UserError for bad manifests, ports in use, and if Envoy stops unexpectedly
 */
export async function labAction(options: LabCommandOptions): Promise<number> {
  const { ports, faults, seed, tellEndpoint, defaultRetries, istio, envoy, eventLog } = options;
  const destinations = eventLog === undefined ? [] : [{ flag: 'event-log', file: eventLog }];
  await refuseConflicts(options.inputs, destinations);
  const manifests = await readManifests(options.manifests);
  if (manifests.routes.length === 0) {
    throw new UserError(
      `The manifests contain no ${ROUTE_KINDS}, so the lab has nothing to serve. Give one with -f.`,
    );
  }
  const labOptions: LabOptions = {
    ...ports,
    manifests,
    faults,
    ...(seed === undefined ? {} : { seed }),
    tellEndpoint,
    defaultRetries,
    ...(istio === undefined ? {} : { istio }),
    envoy,
    ...(eventLog === undefined ? {} : { outlierLogPath: resolve(eventLog) }),
  };
  if (options.printEnvoy) {
    const { bootstrap, notes } = await printEnvoy(labOptions);
    process.stdout.write(jsonText(bootstrap));
    for (const note of notes) complain(note);
    return EXIT_CODES.pass.code;
  }

  // Checked here, because Envoy's own error would be harder to understand.
  if (envoy !== null) for (const destination of destinations) requireWritable(destination);
  const stopped = untilStopped();
  const lab = await startLab(labOptions);
  try {
    const caFile = lab.caPem === null ? null : temporaryFile('ca.pem', lab.caPem);
    const files = options.samples ? [] : options.manifests;
    const text = describeLab(lab, manifests, { files, caFile, envoy: envoy !== null, tellEndpoint });
    process.stdout.write(printableLines(text));
    const ended = await Promise.race([stopped, lab.gatewayEnded]);
    if (ended !== 'signal' && (await Promise.race([stopped, delay(SIGNAL_GRACE_MS)])) !== 'signal') {
      throw new UserError(`The gateway stopped unexpectedly.\n${ended}`, 'unreachable');
    }
  } finally {
    await lab.close();
  }
  return EXIT_CODES.pass.code;
}

/** Resolves at the first signal; a second one ends the process at once. */
function untilStopped(): Promise<'signal'> {
  let seen = 0;
  const { signal } = runSignals(() => {
    seen += 1;
    return seen === 1 ? 'stop' : 'exit';
  });
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve('signal'));
  });
}

/** A file that is there until this process exits. */
function temporaryFile(name: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'weighbridge-lab-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}
