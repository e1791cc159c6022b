/** The lab's pods: HTTP servers that answer as http-echo does, unless a fault is set. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { monotonicUs } from '../../blocks/clock.js';
import type { TopologyPlan } from '../mesh/plan-topology.js';
import type { LabPod, LabService, Topology } from '../mesh/topology.js';
import type { PlannedPod } from '../mesh/workloads.js';
import { DualServer, spoil } from './dual-server.js';
import type { Treatment } from './faults.js';

/** Header for the pod's name, with `--tell-endpoint`. */
export const POD_HEADER = 'x-pod';

export interface BackendOptions {
  /** Whether responses carry the pod's name as POD_HEADER; http-echo's do not. */
  readonly tellEndpoint: boolean;
  /** What happens to a request that arrives at the pod of this name now. */
  readonly treat: (pod: string) => Treatment;
  /** Called for each request that arrives, with the time of the monotonic clock, µs. */
  readonly onArrival?: ((pod: string, monotonicUs: number) => void) | undefined;
}

export interface Backends {
  readonly topology: Topology;
  /** Requests that arrived, by pod name, those included that a fault answered. */
  arrivals(): ReadonlyMap<string, number>;
  /** Makes a pod refuse connections, or take them again at the same port. */
  setRefusing(pod: string, refusing: boolean): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts every pod on its own loopback address and a free port; where a machine has only 127.0.0.1
 * (macOS), all share it and differ in their ports.
 */
export async function startBackends(plan: TopologyPlan, options: BackendOptions): Promise<Backends> {
  const planned = new Map<string, PlannedPod>();
  for (const service of plan.services) for (const pod of service.pods) planned.set(pod.name, pod);
  const started = [...planned.values()].map((pod) => new Backend(pod, options));
  const close = async () => {
    await Promise.all(started.map((backend) => backend.stop()));
  };
  try {
    await Promise.all(started.map((backend) => backend.start()));
  } catch (error) {
    await close();
    throw error;
  }
  const byName = new Map(started.map((backend) => [backend.pod.name, backend]));
  const services = plan.services.map((service): LabService => {
    const pods = service.pods.flatMap(({ name }) => byName.get(name)?.pod ?? []);
    return { ...service, pods };
  });
  return {
    topology: { services },
    arrivals: () => new Map(started.map((backend) => [backend.pod.name, backend.arrivals])),
    setRefusing: async (pod, refusing) => {
      await byName.get(pod)?.setRefusing(refusing);
    },
    close,
  };
}

type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;

class Backend {
  arrivals = 0;
  pod: LabPod;
  readonly #options: BackendOptions;
  readonly #server: DualServer;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #body: string;
  #stopped = false;
  /** Opening and closing of the port, one after the other. */
  #changing: Promise<void> = Promise.resolve();

  constructor(planned: PlannedPod, options: BackendOptions) {
    this.#options = options;
    this.pod = { ...planned, port: 0 };
    this.#body = `${planned.text}\n`;
    this.#headers = {
      // The name and version of http-echo, not of the version that the pod serves.
      'x-app-name': 'http-echo',
      'x-app-version': '1.0.0',
      'content-type': 'text/plain; charset=utf-8',
      'content-length': String(Buffer.byteLength(this.#body)),
      ...(options.tellEndpoint ? { [POD_HEADER]: planned.name } : {}),
    };
    this.#server = new DualServer((request, response) => this.#handle(request, response));
  }

  async start(): Promise<void> {
    try {
      await this.#server.listen(this.pod.address, 0);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRNOTAVAIL') throw error;
      this.pod = { ...this.pod, address: '127.0.0.1' };
      await this.#server.listen('127.0.0.1', 0);
    }
    this.pod = { ...this.pod, port: this.#server.port };
  }

  setRefusing(refusing: boolean): Promise<void> {
    this.#changing = this.#changing.then(async () => {
      if (refusing && this.#server.listening) await this.#server.shut();
      else if (!refusing && !this.#server.listening && !this.#stopped) {
        await this.#server.listen(this.pod.address, this.pod.port);
      }
    });
    return this.#changing;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#changing.catch(() => {});
    if (this.#server.listening) await this.#server.shut();
  }

  #handle(request: Request, response: Response): void {
    this.arrivals += 1;
    this.#options.onArrival?.(this.pod.name, monotonicUs());
    request.resume();
    const { delayMs, answer } = this.#options.treat(this.pod.name);
    if (delayMs <= 0) {
      this.#answer(request, response, answer);
      return;
    }
    const timer = setTimeout(() => this.#answer(request, response, answer), delayMs);
    response.on('close', () => clearTimeout(timer));
  }

  #answer(request: Request, response: Response, answer: Treatment['answer']): void {
    if (answer === 'close') {
      request.socket.destroy();
    } else if (answer === 'garbage') {
      spoil(request);
    } else {
      response.writeHead(answer?.status ?? 200, this.#headers);
      response.end(this.#body);
    }
  }
}
