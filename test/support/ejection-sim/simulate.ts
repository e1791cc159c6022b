/**
 * A run against a gateway that ejects, in virtual time, the same for the same seed: sample blocks as a run would have
 * posted them, and the truth that an analysis is to find in them.
 */
import type { SampleBlock } from '../../../src/blocks/sample-block.js';
import { seededRandom } from '../blocks.js';
import { Events } from './events.js';
import { type Answer, SimGateway, type TrueAbsence } from './gateway.js';
import { RowWriter } from './rows.js';
import type { SimSetup } from './setup.js';

export interface Simulated {
  readonly setup: SimSetup;
  readonly labels: RowWriter['labels'];
  readonly blocks: readonly SampleBlock[];
  /** By when they began. */
  readonly absences: readonly TrueAbsence[];
  readonly requests: number;
}

interface Connection {
  readonly number: number;
  readonly thread: number;
  readonly replica: number;
  readonly worker: number;
}

/** One way over the wire takes from 0.05 to 0.3 ms. */
const MIN_WIRE_MS = 0.05;
const MORE_WIRE_MS = 0.25;
/** What a request takes of its thread: after a stall they do not all go at once. */
const SEND_MS = 0.02;

/** Runs it. */
export function simulate(setup: SimSetup): Simulated {
  const events = new Events();
  const random = seededRandom(setup.seed);
  const absences: TrueAbsence[] = [];
  const gateways = Array.from(
    { length: setup.gateway.replicas },
    (_, replica) =>
      new SimGateway({ setup, events, random, replica, onAbsence: (absence) => absences.push(absence) }),
  );
  const generator = new Generator(setup, events, random, gateways);
  generator.begin();
  events.run();
  const blocks = generator.rows.end();
  return { setup, labels: generator.rows.labels, blocks, absences, requests: generator.requests };
}

class Generator {
  readonly rows = new RowWriter();
  requests = 0;
  private readonly idle: Connection[][];
  private readonly sequences: number[];
  /** When each thread can send the next. */
  private readonly freeMs: number[];
  private connections = 0;

  constructor(
    private readonly setup: SimSetup,
    private readonly events: Events,
    private readonly random: () => number,
    private readonly gateways: readonly SimGateway[],
  ) {
    this.idle = Array.from({ length: setup.threads }, () => []);
    this.sequences = this.idle.map(() => 0);
    this.freeMs = this.idle.map(() => 0);
  }

  begin(): void {
    const { load, threads } = this.setup;
    if (load.mode === 'closed') {
      for (let i = 0; i < load.connections; i++) {
        const connection = this.connect(i % threads);
        this.events.at(0, (now) => this.send(connection, now, now));
      }
    } else {
      this.scheduleDue(0, 0);
    }
  }

  private scheduleDue(index: number, dueMs: number): void {
    const { load, durationMs, threads } = this.setup;
    if (load.mode !== 'open' || dueMs >= durationMs) return;
    const meanMs = 1000 / load.ratePerSecond;
    const nextMs =
      load.arrival === 'uniform' ? (index + 1) * meanMs : dueMs - Math.log(1 - this.random()) * meanMs;
    this.events.at(dueMs, () => {
      this.scheduleDue(index + 1, nextMs);
      const thread = index % threads;
      this.whenAwake(thread, dueMs, (now) => {
        this.send(this.idle[thread]?.pop() ?? this.connect(thread), dueMs, now);
      });
    });
  }

  private connect(thread: number): Connection {
    const { replicas, workers } = this.setup.gateway;
    const number = this.connections++;
    return {
      number,
      thread,
      // As a load balancer in front of them would: in turn.
      replica: number % replicas,
      worker: Math.floor(this.random() * workers),
    };
  }

  private send(connection: Connection, dueMs: number, atMs: number): void {
    const { setup, events } = this;
    const { thread } = connection;
    const sendMs = Math.max(atMs, this.freeMs[thread] as number);
    this.freeMs[thread] = sendMs + SEND_MS;
    const sequence = this.sequences[thread] as number;
    this.sequences[thread] = sequence + 1;
    this.requests += 1;
    let over = false;
    const finish = (answer: Answer | null, atMs: number) => {
      if (over) return;
      over = true;
      this.whenAwake(thread, atMs, (endMs) => {
        this.rows.add({
          ...this.told(answer),
          thread,
          connection: connection.number,
          sequence,
          dueMs,
          sendMs,
          endMs,
        });
        // A request that was given up takes its connection with it.
        const free = answer === null ? this.connect(thread) : connection;
        if (setup.load.mode === 'open') this.idle[thread]?.push(free);
        else if (endMs < setup.durationMs && this.requests < setup.load.requests) {
          this.send(free, endMs, endMs);
        }
      });
    };
    const gateway = this.gateways[connection.replica] as SimGateway;
    events.at(sendMs + this.wire(), (now) =>
      gateway.handle(connection.worker, now, (answer, atMs) => {
        events.at(atMs + this.wire(), (then) => finish(answer, then));
      }),
    );
    events.at(sendMs + setup.timeoutMs, (now) => finish(null, now));
  }

  /** What a client reads in an answer; null: none came in time. */
  private told(answer: Answer | null) {
    if (answer === null) {
      return { status: 0, outcome: 'timeout', origin: 'unknown', version: null, endpoint: null } as const;
    }
    const { status, version, endpoint, own } = answer;
    if (own !== null) {
      const known = this.setup.gatewayTellsVersion ? version : null;
      return { status, outcome: own, origin: 'gateway', version: known, endpoint } as const;
    }
    const tells = status < 500 || this.setup.faultsTellEndpoint;
    return { status, outcome: 'ok', origin: 'backend', version, endpoint: tells ? endpoint : null } as const;
  }

  /** Does something now, or when the generator's stall is over. */
  private whenAwake(thread: number, atMs: number, work: (atMs: number) => void): void {
    const { stall } = this.setup;
    const asleep =
      stall !== null &&
      stall.fromMs <= atMs &&
      atMs < stall.toMs &&
      (stall.thread === null || stall.thread === thread);
    if (asleep) this.events.at(stall.toMs, work);
    else work(atMs);
  }

  private wire(): number {
    return MIN_WIRE_MS + this.random() * MORE_WIRE_MS;
  }
}
