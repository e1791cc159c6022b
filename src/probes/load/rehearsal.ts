/**
 * The rehearsal: before an open loop starts, each worker sends requests to a server of its own thread. The code of the
 * first requests is slow until it has been run and compiled, by tens of milliseconds, and they would be late by that.
 * Nothing of it is counted, and nothing of it reaches the gateway: neither requests nor what is in them.
 */
import { type AddressInfo, createServer, type Server } from 'node:net';
import type { Plan, Target } from '../../plan/plan.js';
import type { Driver } from '../lane/driver.js';
import { Engine } from './engine.js';
import type { WorkerJob, WorkerSummary } from './worker-messages.js';
import { WorkerProgress } from './worker-progress.js';

/** The rehearsal ends after so many requests, or after this time. */
const MAX_REQUESTS = 1_500;
const MAX_REHEARSAL_MS = 120;
const CONNECTIONS = 4;

const BODY = 'hello from backend v1\n';
const HEAD =
  'HTTP/1.1 200 OK\r\ndate: Thu, 01 Jan 2026 00:00:00 GMT\r\ncontent-type: text/plain\r\nserver: istio-envoy\r\n' +
  `x-envoy-upstream-service-time: 1\r\ncontent-length: ${BODY.length}\r\n\r\n`;

/**
 * Runs the worker's code and the plan's driver on requests to a loopback socket of this thread, for at most about an eighth of a second.
 * Without one (no loopback interface, no free port) there is no rehearsal, and the first requests may be late.
 *
 * @returns what the worker counted; null without a rehearsal
 */
export async function rehearse(
  { plan }: WorkerJob,
  driver: Driver,
  now: () => number,
): Promise<WorkerSummary | null> {
  const server = await listen(plan.target);
  if (server === null) return null;
  const { port } = server.address() as AddressInfo;
  const engine: Engine = new Engine(
    { plan: rehearsalPlan(plan, port), worker: 0, workers: 1 },
    driver,
    new WorkerProgress(),
    now,
    (block) => engine.recycle(block.buffer),
  );
  await engine.prepare();
  const timer = setTimeout(() => engine.stop(), MAX_REHEARSAL_MS);
  const summary = await engine.run();
  clearTimeout(timer);
  server.close();
  return summary;
}

/** As the plan sends and reads, but to another server, and with nothing of the plan's request. */
function rehearsalPlan(plan: Plan, port: number): Plan {
  const { target, load } = plan;
  return {
    ...plan,
    target: {
      ...target,
      url: `http://127.0.0.1:${port}/`,
      scheme: 'http',
      connectTo: [{ kind: 'tcp', host: '127.0.0.1', port }],
      host: 'localhost',
      sni: null,
      path: '/',
      values: false,
      headers: [],
      body: null,
    },
    load: {
      ...load,
      connections: CONNECTIONS,
      streams: 1,
      maxInFlight: CONNECTIONS,
      ratePerSecond: (MAX_REQUESTS * 1000) / MAX_REHEARSAL_MS,
      arrival: 'uniform',
      untilVerdict: false,
      requests: MAX_REQUESTS,
      durationMs: null,
      rampMs: 0,
      warmup: null,
      timeoutMs: MAX_REHEARSAL_MS,
      threads: 1,
      requestsPerConnection: null,
    },
  };
}

/** @returns null if there is no such socket */
async function listen({ protocol, method }: Target): Promise<Server | null> {
  const server = protocol === 'h2' ? await http2Server() : http1Server(method);
  return new Promise((resolve) => {
    server.once('error', () => resolve(null));
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

function http1Server(method: string): Server {
  // A body after HEAD would be bytes that nobody asked for, and cost each request its connection and its local port.
  const response = Buffer.from(method === 'HEAD' ? HEAD : HEAD + BODY);
  return createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => {});
    // Each request comes in one piece.
    socket.on('data', () => socket.write(response));
  });
}

async function http2Server(): Promise<Server> {
  const { createServer: createHttp2Server } = await import('node:http2');
  const server = createHttp2Server((_request, response) => response.end(BODY));
  server.on('sessionError', () => {});
  return server;
}
