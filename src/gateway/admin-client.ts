/**
 * Envoy's admin interface, read with bounds on time and bytes: what answers at an address that a user named can
 * be anything. Not with fetch, which refuses some ports without asking (6000, 10080).
 */
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** What went wrong, to be put after the interface's URL: `answered 404`. */
export class AdminError extends Error {
  /**
   * @param lasting asking again is of no use: something answered, but no admin interface, or too much
   */
  constructor(
    message: string,
    readonly lasting: boolean,
  ) {
    super(message);
  }
}

interface AskOptions {
  readonly timeoutMs: number;
  /** Longer answers are refused. */
  readonly mostBytes: number;
}

/**
 * The answer to a GET, as JSON.
 *
 * @param adminUrl without a slash at its end
 * @throws AdminError
 */
export async function askAdmin(adminUrl: string, path: string, options: AskOptions): Promise<unknown> {
  const { timeoutMs, mostBytes } = options;
  const signal = AbortSignal.timeout(timeoutMs);
  let response: IncomingMessage | null = null;
  let body: Buffer;
  try {
    response = await responseTo(new URL(`${adminUrl}${path}`), signal);
    if (response.statusCode !== 200) throw new AdminError(`answered ${response.statusCode}`, true);
    body = await bounded(response, mostBytes);
  } catch (error) {
    response?.destroy();
    if (error instanceof AdminError) throw error;
    if (signal.aborted) throw new AdminError(`did not answer within ${timeoutMs / 1000} s`, false);
    throw new AdminError(response === null ? reason(error) : 'broke its answer off', false);
  }
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new AdminError('answered something that is not JSON', true);
  }
}

async function responseTo(url: URL, signal: AbortSignal): Promise<IncomingMessage> {
  const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, { signal });
  const head = once(request, 'response');
  request.end();
  const [response] = (await head) as [IncomingMessage];
  // Errors that come when nobody waits for a response any more.
  request.on('error', () => {});
  return response;
}

async function bounded(response: IncomingMessage, mostBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  // Leaving the loop ends the connection.
  for await (const piece of response as AsyncIterable<Buffer>) {
    bytes += piece.byteLength;
    if (bytes > mostBytes) throw new AdminError(`answered more than ${mostBytes >> 20} MiB`, true);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function reason(error: unknown): string {
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string') return 'did not answer';
  return code.startsWith('HPE_') ? 'answered something that is not HTTP' : `did not answer (${code})`;
}

/** One endpoint of a cluster, in the answer to `/clusters?format=json`. */
export interface AdminEndpoint {
  readonly cluster: string;
  /** `127.0.0.1:40001` */
  readonly address: string;
  /** `failed_outlier_check` */
  readonly ejected: boolean;
  /** Counters by name, as `rq_total`. */
  readonly stats: ReadonlyMap<string, number>;
}

/**
 * The endpoints in an answer to `/clusters?format=json`; what has another shape is left out.
 *
 * @throws AdminError for an answer that is none
 */
export function readEndpoints(answer: unknown): AdminEndpoint[] {
  const clusters = member(answer, 'cluster_statuses');
  // An Envoy without clusters leaves the list out.
  if (!isObject(answer) || (clusters !== undefined && !Array.isArray(clusters))) {
    throw new AdminError('answered something else than /clusters of Envoy', true);
  }
  const endpoints: AdminEndpoint[] = [];
  for (const status of clusters ?? []) {
    const cluster = member(status, 'name');
    if (typeof cluster !== 'string') continue;
    for (const host of listOf(member(status, 'host_statuses'))) {
      const socket = member(member(host, 'address'), 'socket_address');
      const address = addressOf(member(socket, 'address'), member(socket, 'port_value'));
      if (address === null) continue;
      const stats = new Map<string, number>();
      for (const stat of listOf(member(host, 'stats'))) {
        const name = member(stat, 'name');
        // A value of 0 is left out.
        if (typeof name === 'string') stats.set(name, Number(member(stat, 'value') ?? 0));
      }
      const ejected = member(member(host, 'health_status'), 'failed_outlier_check') === true;
      endpoints.push({ cluster, address, ejected, stats });
    }
  }
  return endpoints;
}

function addressOf(host: unknown, port: unknown): string | null {
  if (typeof host !== 'string') return null;
  return `${host.includes(':') ? `[${host}]` : host}:${typeof port === 'number' ? port : 0}`;
}

/**
 * Counters and gauges by name, of an answer to `/stats?format=json`.
 *
 * @throws AdminError for an answer that is none
 */
export function readStats(answer: unknown): Map<string, number> {
  const stats = member(answer, 'stats');
  if (!Array.isArray(stats)) throw new AdminError('answered something else than /stats of Envoy', true);
  const values = new Map<string, number>();
  for (const stat of stats) {
    const [name, value] = [member(stat, 'name'), member(stat, 'value')];
    if (typeof name === 'string' && typeof value === 'number') values.set(name, value);
  }
  return values;
}

/** A member of what may be an object. */
export function member(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
