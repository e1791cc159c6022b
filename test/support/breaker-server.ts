/** A gateway with circuit breakers, for tests: each version takes so many requests at once, and the rest get Envoy's reply. */
import type { TestContext } from 'node:test';
import { seededRandom } from '../../src/random.js';
import { type H2Server, h2Server } from './h2-servers.js';
import { httpServer, OVERFLOW, type TestServer } from './servers.js';

export interface BreakerVersion {
  readonly name: string;
  /** Part of the requests, drawn at random with a fixed seed. */
  readonly share: number;
  /** Requests that are answered at once; each takes `serviceMs`. Default: no limit. */
  readonly connections?: number;
  /** Requests that wait for one of these places. Default: no limit. */
  readonly pending?: number;
  /** Default 10. */
  readonly serviceMs?: number;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Two versions, each of which takes `atOnce` requests and lets none wait: 10 ms each. */
export function twoVersions(atOnce: number): BreakerVersion[] {
  return ['v1', 'v2'].map((name) => ({ name, share: 0.5, connections: atOnce, pending: 0 }));
}

/** One version. */
export function oneVersion(changes: Partial<BreakerVersion> = {}): BreakerVersion[] {
  return [{ name: 'v1', share: 1, ...changes }];
}

interface Place {
  readonly version: BreakerVersion;
  busy: number;
  readonly waiting: ((reply: Reply) => void)[];
}

class Breakers {
  readonly #places: readonly Place[];
  readonly #random = seededRandom(7);

  constructor(versions: readonly BreakerVersion[]) {
    this.#places = versions.map((version) => ({ version, busy: 0, waiting: [] }));
  }

  take(answer: (reply: Reply) => void): void {
    const place = this.#drawn();
    const { connections = Number.POSITIVE_INFINITY, pending = Number.POSITIVE_INFINITY } = place.version;
    if (place.busy < connections) this.#serve(place, answer);
    else if (place.waiting.length < pending) place.waiting.push(answer);
    else answer(OVERFLOW);
  }

  #drawn(): Place {
    let left = this.#random();
    for (const place of this.#places) {
      left -= place.version.share;
      if (left < 0) return place;
    }
    throw new Error('the shares are less than 1');
  }

  #serve(place: Place, answer: (reply: Reply) => void): void {
    const { name, serviceMs = 10 } = place.version;
    place.busy += 1;
    setTimeout(() => {
      place.busy -= 1;
      answer({ status: 200, headers: { 'x-version': name }, body: 'ok' });
      const next = place.waiting.shift();
      if (next !== undefined) this.#serve(place, next);
    }, serviceMs);
  }
}

/** @param onRequest called with the number of the request, from 1; true: it has answered, or never will */
export function breakerServer(
  t: TestContext,
  versions: readonly BreakerVersion[],
  onRequest: (inAll: number) => boolean = () => false,
): Promise<TestServer> {
  const breakers = new Breakers(versions);
  let inAll = 0;
  return httpServer(t, (_request, response) => {
    inAll += 1;
    if (onRequest(inAll)) return;
    breakers.take(({ status, headers, body }) => response.writeHead(status, headers).end(body));
  });
}

/** The same over HTTP/2 with prior knowledge. */
export function h2BreakerServer(t: TestContext, versions: readonly BreakerVersion[]): Promise<H2Server> {
  const breakers = new Breakers(versions);
  return h2Server(t, ({ stream }) => {
    breakers.take(({ status, headers, body }) => {
      if (stream.destroyed) return;
      stream.respond({ ':status': status, ...headers });
      stream.end(body);
    });
  });
}
