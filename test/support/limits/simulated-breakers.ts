/** A gateway with circuit breakers, simulated event by event in its own time: a closed loop of clients, or requests at a rate. */
import { EventQueue } from './event-queue.js';

type Random = () => number;

export interface SimulatedVersion {
  readonly share: number;
  /** Mean of the service time. */
  readonly serviceMs: number;
  /** Null: no limit. */
  readonly connections?: number | null;
  readonly pending?: number | null;
  readonly requests?: number | null;
}

export interface SimulatedSetup {
  readonly versions: readonly SimulatedVersion[];
  readonly service: 'constant' | 'exponential';
  readonly search: 'connections' | 'rate';
}

/** A request that ended. */
export interface Ended {
  readonly version: number;
  readonly refused: boolean;
  readonly ms: number;
}

interface Lane {
  /** Requests in service; each has a connection to the backend. */
  busy: number;
  /** When the requests were sent that wait for a connection, with their clients. */
  readonly waiting: { sentAt: number; client: number }[];
}

type Event =
  | { kind: 'send'; client: number }
  | { kind: 'served'; client: number; version: number; sentAt: number };

/** What a refusal takes. */
const REFUSAL_MS = 0.5;
/** A request of the open loop, which no client sends. */
const NOBODY = -1;

export class SimulatedBreakers {
  readonly #setup: SimulatedSetup;
  readonly #random: Random;
  readonly #lanes: Lane[];
  readonly #events = new EventQueue<Event>();
  #now = 0;
  #level = 0;
  /** Clients that have a request out or are going to send one. */
  readonly #alive = new Set<number>();
  /** What a client waits after a refusal. */
  pauseMs = 0;
  /** So that what is left of an earlier rate ends. */
  #arrivalsAt = 0;

  constructor(setup: SimulatedSetup, random: Random) {
    this.#setup = setup;
    this.#random = random;
    this.#lanes = setup.versions.map(() => ({ busy: 0, waiting: [] }));
  }

  /** Time of the simulation. */
  get nowMs(): number {
    return this.#now;
  }

  /** Holds so many clients, or sends so many requests per second, from now on. */
  set level(level: number) {
    this.#level = level;
    if (this.#setup.search === 'rate') {
      this.#arrivalsAt = this.#now;
      this.#arrive(this.#now);
      return;
    }
    for (let client = 0; client < level; client++) {
      if (this.#alive.has(client)) continue;
      this.#alive.add(client);
      this.#events.add(this.#now, { kind: 'send', client });
    }
  }

  /** Lets time pass. */
  run(ms: number, ended: (request: Ended) => void): void {
    const end = this.#now + ms;
    for (let next = this.#events.next(end); next !== null; next = this.#events.next(end)) {
      this.#now = next.at;
      if (next.event.kind === 'send') this.#send(next.event.client, ended);
      else this.#served(next.event, ended);
    }
    this.#now = end;
  }

  /** The next request of the open loop, at a time that was fixed when the rate was. */
  #arrive(setAt: number): void {
    this.#arrivalsAt += 1000 / this.#level;
    if (setAt <= this.#now) this.#events.add(this.#arrivalsAt, { kind: 'send', client: NOBODY });
  }

  #send(client: number, ended: (request: Ended) => void): void {
    if (client === NOBODY) this.#arrive(this.#now);
    else if (client >= this.#level) {
      this.#alive.delete(client);
      return;
    }
    const version = this.#draw();
    const { connections, pending, requests } = this.#setup.versions[version] as SimulatedVersion;
    const lane = this.#lanes[version] as Lane;
    if (lane.busy < (connections ?? Number.POSITIVE_INFINITY)) {
      if (lane.busy < (requests ?? Number.POSITIVE_INFINITY)) this.#serve(version, client, this.#now);
      else this.#refuse(version, client, ended);
    } else if (lane.waiting.length < (pending ?? Number.POSITIVE_INFINITY)) {
      lane.waiting.push({ sentAt: this.#now, client });
    } else this.#refuse(version, client, ended);
  }

  #serve(version: number, client: number, sentAt: number): void {
    const { serviceMs } = this.#setup.versions[version] as SimulatedVersion;
    const factor = this.#setup.service === 'constant' ? 1 : -Math.log(1 - this.#random());
    (this.#lanes[version] as Lane).busy += 1;
    this.#events.add(this.#now + serviceMs * factor, { kind: 'served', client, version, sentAt });
  }

  #refuse(version: number, client: number, ended: (request: Ended) => void): void {
    ended({ version, refused: true, ms: REFUSAL_MS });
    if (client === NOBODY) return;
    this.#events.add(this.#now + REFUSAL_MS + this.pauseMs, { kind: 'send', client });
  }

  #served({ client, version, sentAt }: Event & { kind: 'served' }, ended: (request: Ended) => void): void {
    const lane = this.#lanes[version] as Lane;
    lane.busy -= 1;
    const next = lane.waiting.shift();
    if (next !== undefined) this.#serve(version, next.client, next.sentAt);
    const ms = this.#now - sentAt;
    ended({ version, refused: false, ms });
    if (client !== NOBODY) this.#events.add(this.#now, { kind: 'send', client });
  }

  #draw(): number {
    let left = this.#random();
    const found = this.#setup.versions.findIndex(({ share }) => {
      left -= share;
      return left < 0;
    });
    return found < 0 ? this.#setup.versions.length - 1 : found;
  }
}
