/** Simulated runs against gateways that choose versions in different ways, judged by the product's own fold. */
import type { RunResult } from '../../src/analysis/result.js';
import { RunFold } from '../../src/analysis/run-fold.js';
import { BlockMaker, judgePlan, type Row, runInfo } from './blocks.js';

type Random = () => number;

/** A request as the gateway sees it. */
interface Seen {
  /** Part of the run that is over, 0 to 1. */
  readonly at: number;
  /** From 0, in the order in which connections were opened. */
  readonly connection: number;
}

/** Chooses a version, by its place in the list of shares. */
export type Gateway = (request: Seen) => number;

export interface SimulatedRun {
  readonly expected: readonly number[];
  readonly gateway: (random: Random) => Gateway;
  readonly requests: number;
  /** Connections at a time. */
  readonly connections: number;
  /** Null: connections are never renewed. */
  readonly perConnection?: number | null;
  /** Connection c gets 1 ÷ (c + 1) of what the first gets. */
  readonly unequal?: boolean;
  /** Addresses that connections go to in turn. */
  readonly addresses?: number;
  readonly workers?: number;
}

/** The result of a run in a closed loop: the gateway sees requests in another order than that of sending, by up to those in flight. */
export function simulate(run: SimulatedRun, random: Random): RunResult {
  const { requests, connections, perConnection = null, addresses = 1, workers = 2 } = run;
  const gateway = run.gateway(random);
  const weights = Array.from({ length: connections }, (_, c) => (run.unequal === true ? 1 / (c + 1) : 1));
  const sum = weights.reduce((a, b) => a + b, 0);
  // Of each lane: the number of its connection, and the requests on it.
  const open: Lane[] = weights.map((_, lane) => ({ connection: lane, used: 0, freeAt: random() }));
  let opened = connections;
  const serials = new Map<number, number>();
  const perWorker = new Array<number>(workers).fill(0);
  const rows: Row[] = [];
  for (let i = 0; i < requests; i++) {
    const lane = run.unequal === true ? pick(weights, sum, random) : nextFree(open);
    const own = open[lane] as Lane;
    own.freeAt += 0.5 + random();
    if (perConnection !== null && own.used === perConnection) {
      own.connection = opened++;
      own.used = 0;
    }
    own.used += 1;
    const worker = lane % workers;
    let serial = serials.get(own.connection);
    if (serial === undefined) {
      serial = ++(perWorker as [number])[worker as 0];
      serials.set(own.connection, serial);
    }
    const version = `v${gateway({ at: i / requests, connection: own.connection }) + 1}`;
    const address = `10.0.0.${own.connection % addresses}:80`;
    rows.push({ dueUs: (i + random() * connections) * 100, version, connection: serial, worker, address });
  }
  const maker = new BlockMaker();
  const shares = Object.fromEntries(run.expected.map((share, v) => [`v${v + 1}`, share]));
  const fold = new RunFold(maker.context({ ...judgePlan(shares), only: ['split'] }));
  fold.add(maker.block(rows));
  const info = runInfo(requests);
  return fold.result({ ...info, load: { ...info.load, connections, connectionsOpened: opened } });
}

interface Lane {
  connection: number;
  used: number;
  freeAt: number;
}

function nextFree(lanes: readonly Lane[]): number {
  let next = 0;
  for (let lane = 1; lane < lanes.length; lane++) {
    if ((lanes[lane] as Lane).freeAt < (lanes[next] as Lane).freeAt) next = lane;
  }
  return next;
}

function pick(weights: readonly number[], sum: number, random: Random): number {
  let left = random() * sum;
  const found = weights.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
  return found < 0 ? weights.length - 1 : found;
}

/** Draws a version for each request. */
export const draws =
  (shares: readonly number[]) =>
  (random: Random): Gateway =>
  () =>
    pick(shares, 1, random);

/** Draws a version for each request; on a connection the last one is kept with the probability `keep`. */
export const sticky =
  (shares: readonly number[], keep = 1) =>
  (random: Random): Gateway => {
    const last = new Map<number, number>();
    return ({ connection }) => {
      const before = last.get(connection);
      const version = before !== undefined && random() < keep ? before : pick(shares, 1, random);
      last.set(connection, version);
      return version;
    };
  };

/** Takes versions in turn (smooth weighted round robin), each of the gateway's workers by itself. */
export const turns =
  (shares: readonly number[], workers = 1) =>
  (random: Random): Gateway => {
    const states = Array.from({ length: workers }, () => shares.map(() => random()));
    const workerOf = new Map<number, number>();
    return ({ connection }) => {
      const worker = workerOf.get(connection) ?? Math.floor(random() * workers);
      workerOf.set(connection, worker);
      return takeTurn(states[worker] as number[], shares);
    };
  };

function takeTurn(state: number[], shares: readonly number[]): number {
  shares.forEach((share, v) => {
    state[v] = (state[v] as number) + share;
  });
  const next = state.indexOf(Math.max(...state));
  (state[next] as number)--;
  return next;
}

/** Each connection draws once, and the draws are in turn. */
export const stickyInTurn =
  (shares: readonly number[]) =>
  (random: Random): Gateway => {
    const state = shares.map(() => random());
    const kept = new Map<number, number>();
    return ({ connection }) => {
      const version = kept.get(connection) ?? takeTurn(state, shares);
      kept.set(connection, version);
      return version;
    };
  };

/** Draws a version and keeps it for the next requests, of whatever connection, with the probability `keep`. */
export const inBursts =
  (shares: readonly number[], keep: number) =>
  (random: Random): Gateway => {
    let last = pick(shares, 1, random);
    return () => {
      if (random() >= keep) last = pick(shares, 1, random);
      return last;
    };
  };

/** Has other shares from one part of the run to another. */
export const changing =
  (shares: readonly number[], other: readonly number[], from: number, to = 1) =>
  (random: Random): Gateway =>
  ({ at }) =>
    pick(at >= from && at < to ? other : shares, 1, random);

/** Connections lead to replicas, each with its own shares: in turn or at random. */
export const replicas =
  (all: readonly (readonly number[])[], inTurn = false) =>
  (random: Random): Gateway => {
    const of = new Map<number, number>();
    return ({ connection }) => {
      const replica =
        of.get(connection) ?? (inTurn ? connection % all.length : Math.floor(random() * all.length));
      of.set(connection, replica);
      return pick(all[replica] as readonly number[], 1, random);
    };
  };
