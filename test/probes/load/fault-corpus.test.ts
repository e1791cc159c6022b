/** Every hostile server of the corpus: each request ends once, under its name, counted for what its own answer said. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DriverName, Plan } from '../../../src/plan/plan.js';
import { runEngine, type Sample } from '../../support/engine.js';
import { FAULTY, type Fault, type Flags } from '../../support/faults/fault.js';
import { FAULTS } from '../../support/faults/index.js';
import { STALLED, startFault } from '../../support/faults/server.js';
import { planFromFlags } from '../../support/flags.js';

interface Load {
  readonly requests: number;
  readonly connections: number;
  readonly timeoutMs: number;
}

/** A fault as one driver meets it. */
interface Case extends Fault {
  readonly driver: DriverName;
  readonly title: string;
}

/** Whether all its requests end by the time-out. */
function waits({ to, outcome }: Fault): boolean {
  return to === 'all' && outcome.endsWith('timeout');
}

/** Time-outs are short only where nothing else can end a request. */
function loadOf(fault: Fault): Load {
  if (fault.requests !== undefined) {
    return { requests: fault.requests, connections: fault.requests, timeoutMs: 60_000 };
  }
  switch (fault.to) {
    case 'some':
      return {
        requests: fault.hungry === true || fault.tls !== undefined ? 30 : 150,
        connections: 6,
        timeoutMs: 60_000,
      };
    case 'stalls':
      return { requests: 100, connections: STALLED + 2, timeoutMs: 4000 };
    case 'all':
      return waits(fault)
        ? { requests: 2, connections: 2, timeoutMs: 4000 }
        : { requests: 8, connections: 4, timeoutMs: 60_000 };
  }
}

/** Requests that the fault is done to. */
function faultyOf({ to }: Fault, { requests }: Load): number {
  return { some: requests / 3, stalls: STALLED, all: requests }[to];
}

async function planOf(fault: Case, load: Load, url: string, flags: Flags): Promise<Plan> {
  const plan = await planFromFlags(url, { 'version-from': 'header:x-version', ...flags });
  const body = fault.bodyBytes === undefined ? null : Buffer.alloc(fault.bodyBytes, 'x');
  return {
    ...plan,
    target: { ...plan.target, ...(body === null ? {} : { body, method: 'POST' }) },
    load: { ...plan.load, driver: fault.driver, durationMs: null, threads: 1, ...load },
  };
}

/** What each connection was recorded to answer, request by request: the version, else the outcome. */
function recorded(samples: readonly Sample[]): string[] {
  const byConnection = new Map<number, Sample[]>();
  for (const sample of samples) {
    if (Number.isNaN(sample.sendUs)) continue;
    const mine = byConnection.get(sample.connection);
    if (mine === undefined) byConnection.set(sample.connection, [sample]);
    else mine.push(sample);
  }
  return [...byConnection.values()].map((mine) =>
    mine
      .sort((a, b) => a.sendUs - b.sendUs)
      .map(({ version, outcome }) => version ?? outcome)
      .join(' '),
  );
}

/** Every fault with every driver that it may meet. */
const CASES: readonly Case[] = [
  ...FAULTS.map((fault) => ({
    ...fault,
    driver: fault.h2 === undefined ? ('wire' as const) : ('node-http2' as const),
    title: fault.name,
  })),
  ...FAULTS.filter(({ h2 }) => h2 === undefined).map((fault) => ({
    ...fault,
    ...fault.undici,
    driver: 'undici' as const,
    title: `${fault.name} (undici)`,
  })),
];

const stalls = CASES.filter(({ to }) => to === 'stalls');
const floods = CASES.filter(waits);
const others = CASES.filter((fault) => fault.to !== 'stalls' && !waits(fault));

// What waits for nothing but time does so all at once; but no good answer shall wait for a flood.
for (const [what, concurrency, faults] of [
  ['stalls', true, stalls],
  ['floods', true, floods],
  ['answers', false, others],
] as const) {
  describe(what, { concurrency }, () => {
    for (const fault of faults) {
      test(fault.title, async (t) => {
        const server = await startFault(t, fault);
        const load = loadOf(fault);
        const plan = await planOf(fault, load, server.url, server.flags);
        const samples = (await runEngine(plan)).samples.map((sample) =>
          fault.or?.includes(sample.outcome) ? { ...sample, outcome: fault.outcome } : sample,
        );
        const outcomes: Record<string, number> = {};
        for (const { outcome } of samples) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;

        const faulty = faultyOf(fault, load);
        const expected: Record<string, number> = {};
        if (faulty < load.requests) expected['ok'] = load.requests - faulty;
        expected[fault.outcome] = (expected[fault.outcome] ?? 0) + faulty;
        assert.deepEqual(outcomes, expected);

        // Beside other floods, a head may be read too late.
        if (fault.unread === true || waits(fault)) return;
        const answered = server.answered
          .filter(({ length }) => length > 0)
          .map((mine) =>
            mine.map((one) => (one === FAULTY ? (fault.version ?? fault.outcome) : one)).join(' '),
          );
        assert.deepEqual(recorded(samples).sort(), answered.sort());
      });
    }
  });
}
