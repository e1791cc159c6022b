/** The lab's control endpoint: JSON over HTTP on loopback, to see its state and to break it while it runs. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UserError } from '../../errors.js';
import { JsonLimitError, parseJson } from '../../text/json.js';
import { printable } from '../../text/printable.js';
import { listenOn } from '../mesh/listen-on-loopback.js';

export interface ControlOptions {
  /** 0: any free one. */
  readonly port: number;
  /** What `GET /state` answers, as plain data. */
  readonly state: () => unknown;
  /** These throw UserError for bad input. */
  readonly setFault: (fault: string) => void;
  readonly clearFaults: () => void;
  readonly setWeights: (weights: unknown) => void;
}

export interface ControlServer {
  readonly url: string;
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 64 * 1024;

const USAGE = `GET    /state    services, pods, arrivals, ejections, faults
POST   /faults   {"fault": "v2-0:status=503,for=10s"}
DELETE /faults   ends all faults
PUT    /weights  {"backend-v1": 85, "backend-v2": 15}
`;

/** Starts the endpoint. @throws UserError when the port is taken */
export async function startControl(options: ControlOptions): Promise<ControlServer> {
  const server = createServer((request, response) => {
    answer(options, request, response).catch((error: unknown) => {
      if (error instanceof UserError) send(response, 400, { error: error.message });
      else response.destroy();
    });
  });
  await listenOn(server, options.port, '--control-port');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  options: ControlOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = (request.url ?? '/').split('?')[0];
  if (fromElsewhere(request)) {
    send(response, 403, { error: 'the control endpoint is for programs on this machine, not for web pages' });
    return;
  }
  switch (`${request.method} ${path}`) {
    case 'GET /state':
      send(response, 200, options.state());
      return;
    case 'POST /faults': {
      const body = await readJson(request);
      if (typeof body !== 'object' || body === null || !('fault' in body) || typeof body.fault !== 'string') {
        throw new UserError('the body is not an object such as {"fault": "v2-0:status=503,for=10s"}');
      }
      options.setFault(body.fault);
      send(response, 200, { set: body.fault });
      return;
    }
    case 'DELETE /faults':
      options.clearFaults();
      send(response, 200, { cleared: true });
      return;
    case 'PUT /weights': {
      const weights = await readJson(request);
      options.setWeights(weights);
      send(response, 200, { set: weights });
      return;
    }
    default:
      send(response, 404, {
        error: `there is no ${printable(`${request.method} ${path}`)}`,
        usage: USAGE.split('\n'),
      });
  }
}

/** Pages in a browser must not reach the endpoint, neither by fetch nor by a host name that resolves to loopback. */
function fromElsewhere({ headers }: IncomingMessage): boolean {
  return headers.origin !== undefined || !/^(127\.0\.0\.1|localhost)(:\d+)?$/i.test(headers.host ?? '');
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request.iterator({ destroyOnReturn: false })) {
    size += (part as Buffer).length;
    if (size > MAX_BODY_BYTES) throw new UserError(`the body is larger than ${MAX_BODY_BYTES} bytes`);
    parts.push(part as Buffer);
  }
  const text = Buffer.concat(parts).toString('utf8');
  try {
    return parseJson(text);
  } catch (error) {
    const why = error instanceof JsonLimitError ? error.message : 'is not JSON';
    throw new UserError(`the body ${why}: ${printable(text) || '(empty)'}`);
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body, null, 2)}\n`);
}
