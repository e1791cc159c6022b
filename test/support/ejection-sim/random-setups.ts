/** Setups drawn at random, the same for the same seed. */
import { seededRandom } from '../blocks.js';
import {
  type Latency,
  type SimEndpoint,
  type SimFault,
  type SimSetup,
  type SimVersion,
  simEndpoint,
  simRule,
  simSetup,
} from './setup.js';

/** About so many requests a run: low rates last longer. */
const REQUESTS = 4000;

class Draw {
  constructor(readonly random: () => number) {}

  among<T>(...values: readonly T[]): T {
    return values[Math.floor(this.random() * values.length)] as T;
  }

  between(lo: number, hi: number): number {
    return lo + this.random() * (hi - lo);
  }

  /** Small values as often as large ones. */
  scaled(lo: number, hi: number): number {
    return lo * (hi / lo) ** this.random();
  }

  whole(lo: number, hi: number): number {
    return lo + Math.floor(this.random() * (hi - lo + 1));
  }

  chance(p: number): boolean {
    return this.random() < p;
  }
}

/**
 * Nothing is ejected and nothing is lost: all balancers, latencies and slow endpoints, 50 to 2,000 requests per second,
 * one to ten endpoints a version, endpoints that join, weights that change, a generator that stalls, a pod that
 * answers 5xx at 30 %, one that holds its requests for a while, now and then several replicas.
 */
export function quietSetup(seed: number): SimSetup {
  const draw = new Draw(seededRandom(seed));
  const ratePerSecond = draw.scaled(50, 2000);
  const durationMs = Math.min(60_000, Math.max(3000, (REQUESTS / ratePerSecond) * 1000));
  const versions = Array.from({ length: draw.whole(1, 3) }, (_, v): SimVersion => {
    const latency = drawLatency(draw, 40);
    const count = draw.whole(1, 10);
    const endpoints = Array.from({ length: count }, (__, i): SimEndpoint => {
      const slow = draw.chance(0.15) ? draw.scaled(2, 30) : 1;
      const flaky = draw.chance(0.1);
      const faults: SimFault[] = flaky
        ? [{ kind: 'status', status: draw.among(500, 502, 503), rate: 0.3, fromMs: 0, toMs: durationMs }]
        : [];
      if (draw.chance(0.05)) {
        const fromMs = draw.between(0, durationMs);
        faults.push({ kind: 'hang', fromMs, toMs: fromMs + draw.scaled(100, 3000) });
      }
      return simEndpoint(`v${v + 1}-${i}`, 5, {
        latency: slower(latency, slow),
        faults,
        joinsMs: count > 1 && i > 0 && draw.chance(0.1) ? draw.between(0, durationMs) : 0,
      });
    });
    return {
      name: `v${v + 1}`,
      weight: draw.among(1, 5, 10, 50, 90),
      balancer: draw.among('ROUND_ROBIN', 'ROUND_ROBIN', 'LEAST_REQUEST', 'RANDOM'),
      // So many in a row that a pod that fails at 30 % is not ejected by chance.
      rule: draw.chance(0.3) ? null : simRule({ consecutive5xxErrors: 40, maxEjectionPercent: 100 }),
      endpoints,
    };
  });
  return simSetup(versions, {
    seed,
    durationMs,
    load: draw.chance(0.25)
      ? { mode: 'closed', connections: draw.whole(2, 12), requests: REQUESTS }
      : { mode: 'open', ratePerSecond, arrival: draw.among('uniform', 'poisson') },
    threads: draw.whole(1, 4),
    gateway: { replicas: draw.chance(0.2) ? draw.whole(2, 3) : 1, workers: draw.whole(1, 4) },
    weightChange: draw.chance(0.3)
      ? {
          atMs: draw.between(0.2, 0.8) * durationMs,
          weights: versions.map(() => draw.among(0.001, 1, 10, 90)),
        }
      : null,
    stall: draw.chance(0.3) ? drawStall(draw, durationMs) : null,
    faultsTellEndpoint: draw.chance(0.8),
    gatewayTellsVersion: draw.chance(0.5),
  });
}

/**
 * Endpoints fail for a while and are ejected: one replica, two to four endpoints a version, consecutive 5, intervals and
 * base times from 0.5 to 3 s, all kinds of faults.
 */
export function faultySetup(seed: number): SimSetup {
  const draw = new Draw(seededRandom(seed));
  const ratePerSecond = draw.scaled(100, 1000);
  const durationMs = draw.between(8000, 15_000);
  const intervalMs = draw.between(500, 3000);
  const baseEjectionTimeMs = draw.between(500, 3000);
  const versions = ['v1', 'v2'].map((name, v): SimVersion => {
    const latency = drawLatency(draw, 20);
    const count = draw.whole(2, 4);
    const failing = v === 0 ? 0 : draw.whole(1, Math.min(3, count));
    return {
      name,
      weight: v === 0 ? 50 : draw.among(20, 50, 200),
      balancer: draw.among('ROUND_ROBIN', 'ROUND_ROBIN', 'LEAST_REQUEST', 'RANDOM'),
      rule: simRule({ intervalMs, baseEjectionTimeMs, maxEjectionPercent: draw.among(50, 67, 100) }),
      endpoints: Array.from({ length: count }, (__, i) =>
        simEndpoint(`${name}-${i}`, 5, {
          latency,
          faults: i < failing ? drawFaults(draw, durationMs) : [],
        }),
      ),
    };
  });
  return simSetup(versions, {
    seed,
    durationMs,
    load: { mode: 'open', ratePerSecond, arrival: draw.among('uniform', 'poisson') },
    threads: draw.whole(1, 2),
    gateway: { replicas: 1, workers: draw.whole(1, 3) },
    gatewayTellsVersion: draw.chance(0.5),
    stall: draw.chance(0.15) ? drawStall(draw, durationMs) : null,
  });
}

function drawFaults(draw: Draw, durationMs: number): SimFault[] {
  return Array.from({ length: draw.whole(1, 2) }, (): SimFault => {
    const fromMs = draw.between(0.1, 0.7) * durationMs;
    const times = { fromMs, toMs: fromMs + draw.scaled(200, 6000) };
    return draw.chance(0.15)
      ? { kind: 'refuse', ...times }
      : { kind: 'status', status: draw.among(500, 503), rate: draw.among(1, 1, 1, 0.9), ...times };
  });
}

function drawLatency(draw: Draw, mostMs: number): Latency {
  return draw.chance(0.5)
    ? { kind: 'fixed', ms: draw.scaled(0.5, mostMs) }
    : { kind: 'lognormal', medianMs: draw.scaled(0.5, mostMs), sigma: draw.between(0.1, 1) };
}

function slower(latency: Latency, times: number): Latency {
  return latency.kind === 'fixed'
    ? { kind: 'fixed', ms: latency.ms * times }
    : { ...latency, medianMs: latency.medianMs * times };
}

function drawStall(draw: Draw, durationMs: number): SimSetup['stall'] {
  const fromMs = draw.between(0.1, 0.9) * durationMs;
  return { fromMs, toMs: fromMs + draw.scaled(50, 3000), thread: draw.chance(0.5) ? null : 0 };
}
