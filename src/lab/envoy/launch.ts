/** Starts an Envoy, waits until it serves, and ends it. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { UserError } from '../../errors.js';
import { type AdminClient, adminClient } from './admin-client.js';
import { guard } from './guardian.js';
import type { Json } from './json.js';

export interface StartEnvoyOptions {
  /** Path of the Envoy binary. */
  readonly binary: string;
  readonly bootstrap: Json;
  /** Worker threads; 2 by default. */
  readonly concurrency?: number;
  /** Time after which an Envoy that does not serve is given up; 20 s by default. */
  readonly startTimeoutMs?: number;
}

export interface RunningEnvoy extends AdminClient {
  /** `http://127.0.0.1:9901` */
  readonly adminUrl: string;
  readonly pid: number;
  /** The last lines of Envoy's log. */
  logTail(): readonly string[];
  /** Resolves when Envoy ended, by itself or by stop(). */
  readonly ended: Promise<void>;
  /** Ends Envoy. May be called again. */
  stop(): Promise<void>;
}

const LOG_LINES = 100;

/**
 * Starts Envoy with the given bootstrap and waits until its admin interface says that it is live. Envoy ends with this
 * process, whichever way that ends. Its files, which have a private key, are there only while it starts.
 *
 * @throws UserError with the errors of Envoy's log when it refuses the configuration or does not start
 */
export async function startEnvoy(options: StartEnvoyOptions): Promise<RunningEnvoy> {
  const folder = join(tmpdir(), `weighbridge-envoy-${randomUUID()}`);
  const configFile = join(folder, 'bootstrap.json');
  const addressFile = join(folder, 'admin-address');
  const envoy = guard(folder, [
    options.binary,
    '--config-path',
    configFile,
    '--admin-address-path',
    addressFile,
    // Without it several Envoys need base ids of their own, and each leaves shared memory behind.
    '--disable-hot-restart',
    '--skip-deprecated-logs',
    '--concurrency',
    String(options.concurrency ?? 2),
    '--file-flush-interval-msec',
    '200',
    '--log-level',
    'warning',
  ]);
  const log: string[] = [];
  envoy.stderr.setEncoding('utf8');
  envoy.stderr.on('data', (text: string) => {
    log.push(...text.split('\n').filter((line) => line !== ''));
    log.splice(0, Math.max(0, log.length - LOG_LINES));
  });
  let end: { readonly started: boolean } | null = null;
  const ended = envoy.ended.then((how) => {
    end = how;
  });
  try {
    mkdirSync(folder, { mode: 0o700 });
    writeFileSync(configFile, JSON.stringify(options.bootstrap), { mode: 0o600 });
    envoy.start();
    const deadline = performance.now() + (options.startTimeoutMs ?? 20_000);
    while (end === null && performance.now() < deadline) {
      const address = readLine(addressFile);
      const pid = readLine(join(folder, 'pid'));
      if (address !== null && pid !== null) {
        const adminUrl = `http://${address}`;
        const admin = adminClient(adminUrl);
        if (await admin.isLive()) {
          rmSync(folder, { recursive: true, force: true });
          return {
            ...admin,
            adminUrl,
            pid: Number(pid),
            logTail: () => [...log],
            ended,
            stop: () => envoy.stop(),
          };
        }
      }
      await Promise.race([ended, delay(20)]);
    }
    throw new UserError(`Envoy (${options.binary}): ${whyNot(end, log)}`);
  } catch (error) {
    await envoy.stop();
    throw error;
  }
}

/** The line that Envoy, or its guardian, writes to a file of its own; null until it is there. */
function readLine(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim() || null;
  } catch {
    return null;
  }
}

/** Why Envoy does not serve; `end` is null if it still runs. */
function whyNot(end: { readonly started: boolean } | null, log: readonly string[]): string {
  if (end === null) return `it did not become ready:\n${errorLines(log)}`;
  return `${end.started ? 'it refused its configuration' : 'it could not be started'}:\n${errorLines(log)}`;
}

/** Errors and critical lines of the log without their prefix; all of the tail when there are none. */
function errorLines(log: readonly string[]): string {
  const bad = log.filter((line) => /\[(critical|error)\]/.test(line));
  const lines = (bad.length > 0 ? bad : log).slice(-5);
  return lines.map((line) => line.replace(/^(\[[^\]]*\]\s*)+/, '  ')).join('\n') || '  (its log is empty)';
}
