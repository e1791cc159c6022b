/** Runs the command line against a fault, in a process of its own: what it counts, how it ends, what memory it takes. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { BIN } from '../cli.js';
import type { Cleanup } from '../servers.js';
import type { Fault } from './fault.js';
import { STALLED, startFault } from './server.js';

export interface FaultRun {
  /** Requests by outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Requests by version, failures with their head seen among them. */
  readonly versions: Readonly<Record<string, number>>;
  readonly exit: number | null;
  readonly peakBytes: number;
  readonly stderr: string;
}

/** The parts of a result that are needed here. */
interface Counted {
  readonly requests: Record<'scheduled' | 'attributed' | 'unattributed' | 'failed' | 'cutOff', number>;
  readonly failures: Record<string, number>;
  readonly gatewayReplies: Record<string, number>;
  readonly versions: readonly {
    readonly version: string;
    readonly requests: number;
    readonly failures: Record<string, number>;
  }[];
}

const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, n) => total + n, 0);

/** How many requests on how many connections, and the time-out in ms. */
function loadOf(fault: Fault): readonly [requests: number, connections: number, timeoutMs: number] {
  if (fault.requests !== undefined) return [fault.requests, fault.requests, 60_000];
  switch (fault.to) {
    case 'some':
      return [300, 50, 10_000];
    case 'stalls':
      return [300, STALLED + 20, 2000];
    case 'all':
      return [100, 50, fault.outcome.endsWith('timeout') ? 1000 : 10_000];
  }
}

/** Runs the fault's server and `weighbridge run` against it. */
export async function runCommand(t: Cleanup, fault: Fault): Promise<FaultRun> {
  const server = await startFault(t, fault);
  const [requests, connections, timeoutMs] = loadOf(fault);
  const flags: Record<string, string | true> = {
    'version-from': 'header:x-version',
    ...server.flags,
    requests: String(requests),
    connections: String(connections),
    timeout: `${timeoutMs}ms`,
    json: '-',
  };
  if (fault.bodyBytes !== undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'weighbridge-faults-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'body'), Buffer.alloc(fault.bodyBytes, 'x'));
    flags['data'] = `@${join(folder, 'body')}`;
  }
  const args = Object.entries(flags).flatMap(([name, value]) =>
    value === true ? [`--${name}`] : [`--${name}`, value],
  );
  const child = spawn(
    process.execPath,
    [
      '--import',
      new URL('./peak-rss.js', import.meta.url).href,
      BIN,
      'run',
      server.url,
      '--no-preflight',
      '--quiet',
      ...args,
    ],
    { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] },
  );
  t.after(() => child.kill('SIGKILL'));
  const [, stdout, stderr, peak] = child.stdio;
  const [said, complained, peakBytes, [exit]] = await Promise.all([
    text(stdout as NodeJS.ReadableStream & AsyncIterable<string>),
    text(stderr as NodeJS.ReadableStream & AsyncIterable<string>),
    text(peak as NodeJS.ReadableStream & AsyncIterable<string>),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  const result = said === '' ? null : (JSON.parse(said) as Counted);
  const versions = (result?.versions ?? []).map(
    (one) => [one.version, one.requests + sum(one.failures)] as const,
  );
  return {
    outcomes: outcomesOf(result, requests),
    versions: Object.fromEntries(versions),
    exit,
    peakBytes: Number(peakBytes),
    stderr: complained,
  };
}

function outcomesOf(result: Counted | null, requests: number): Record<string, number> {
  if (result === null) return {};
  const { scheduled, attributed, unattributed, failed, cutOff } = result.requests;
  assert.equal(scheduled, requests);
  assert.equal(attributed + unattributed + failed + cutOff, scheduled, 'each request is counted once');
  const named = { ...result.gatewayReplies, ...result.failures };
  const ok = attributed + unattributed - sum(result.gatewayReplies);
  return { ...(ok > 0 ? { ok } : {}), ...named };
}
