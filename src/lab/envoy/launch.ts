/** Starts an Envoy, waits until it serves, and ends it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { UserError } from '../../errors.js';
import { type AdminClient, adminClient } from './admin-client.js';
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
  /** Ends Envoy and removes its files. May be called again. */
  stop(): Promise<void>;
}

const LOG_LINES = 100;

/**
 * Starts Envoy with the given bootstrap and waits until its admin interface says that it is live. The child
 * ends with this process.
 *
 * @throws UserError with the errors of Envoy's log when it refuses the configuration or does not start
 */
export async function startEnvoy(options: StartEnvoyOptions): Promise<RunningEnvoy> {
  const folder = mkdtempSync(join(tmpdir(), 'weighbridge-envoy-'));
  const configFile = join(folder, 'bootstrap.json');
  const addressFile = join(folder, 'admin-address');
  // The bootstrap holds a private key; the folder is readable by its owner only.
  writeFileSync(configFile, JSON.stringify(options.bootstrap), { mode: 0o600 });
  const child = spawn(
    options.binary,
    [
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
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const log: string[] = [];
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (text: string) => {
    log.push(...text.split('\n').filter((line) => line !== ''));
    log.splice(0, Math.max(0, log.length - LOG_LINES));
  });
  let failure: Error | null = null;
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      failure = error;
      resolve();
    });
    child.once('close', () => resolve());
  });
  const killWithParent = () => child.kill('SIGKILL');
  process.once('exit', killWithParent);
  const stop = async () => {
    await end(child, ended);
    process.removeListener('exit', killWithParent);
    rmSync(folder, { recursive: true, force: true });
  };

  const deadline = performance.now() + (options.startTimeoutMs ?? 20_000);
  let hasEnded = false;
  void ended.then(() => {
    hasEnded = true;
  });
  while (!hasEnded && performance.now() < deadline) {
    const adminUrl = readAddress(addressFile);
    if (adminUrl !== null) {
      const admin = adminClient(adminUrl);
      if (await admin.isLive()) {
        // An Envoy that started has its pid.
        return { ...admin, adminUrl, pid: child.pid as number, logTail: () => [...log], ended, stop };
      }
    }
    await Promise.race([ended, delay(20)]);
  }
  const startError = failure as Error | null;
  const reason =
    startError !== null
      ? `it could not be started: ${startError.message}`
      : hasEnded
        ? `it refused its configuration:\n${errorLines(log)}`
        : `it did not become ready:\n${errorLines(log)}`;
  await stop();
  throw new UserError(`Envoy (${options.binary}): ${reason}`);
}

/** Envoy writes `host:port` there once the admin interface listens. */
function readAddress(file: string): string | null {
  try {
    const text = readFileSync(file, 'utf8').trim();
    return text === '' ? null : `http://${text}`;
  } catch {
    return null;
  }
}

/** Errors and critical lines of the log without their prefix; all of the tail when there are none. */
function errorLines(log: readonly string[]): string {
  const bad = log.filter((line) => /\[(critical|error)\]/.test(line));
  const lines = (bad.length > 0 ? bad : log).slice(-5);
  return lines.map((line) => line.replace(/^(\[[^\]]*\]\s*)+/, '  ')).join('\n') || '  (its log is empty)';
}

async function end(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGTERM');
    const stubborn = setTimeout(() => child.kill('SIGKILL'), 5000);
    await ended;
    clearTimeout(stubborn);
  }
}
