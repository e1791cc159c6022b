/**
 * Reads Envoy's admin interface. Time and bytes are bounded, since any server may answer at the address that the user
 * gave. `fetch` is not used: it refuses to connect to some ports, such as 6000 and 10080.
 */
import { once } from 'node:events';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { systemReason } from '../errors.js';
import { JsonLimitError, parseJson } from '../text/json.js';
import { sharedLookup } from './shared-lookup.js';

// Node's own agents would go through a proxy if NODE_USE_ENV_PROXY is set; these do not.
const lookup = sharedLookup();
const httpAgent = new HttpAgent({ keepAlive: true, lookup });
const httpsAgent = new HttpsAgent({ keepAlive: true, lookup });

/** A request to an admin interface failed. The message continues a sentence that begins with the URL: `answered 404`. */
export class AdminError extends Error {
  /**
   * @param lasting whether asking again is useless: a server answered, but it is no admin interface or sent too much
   */
  constructor(
    message: string,
    readonly lasting: boolean,
  ) {
    super(message);
  }
}

interface AskOptions {
  /** Time-out for the whole answer. */
  readonly timeoutMs: number;
  /** Longer answers are refused. */
  readonly maxBytes: number;
  /** Ends the request early. */
  readonly stop?: AbortSignal;
}

/**
 * Sends a GET request and parses the answer as JSON.
 *
 * @param adminUrl base URL, without a slash at its end
 * @param path path and query
 * @throws AdminError if there is no whole answer in time, its status is not 200, or it is too long or not JSON
 */
export async function askAdmin(adminUrl: string, path: string, options: AskOptions): Promise<unknown> {
  const { timeoutMs, maxBytes, stop } = options;
  const controller = new AbortController();
  const abort = () => controller.abort();
  // Not AbortSignal.any, which keeps a reference for each request to a signal that lives as long as the run.
  const timer = setTimeout(abort, timeoutMs).unref();
  stop?.addEventListener('abort', abort, { once: true });
  if (stop?.aborted === true) abort();
  let response: IncomingMessage | null = null;
  let body: Buffer;
  try {
    response = await responseTo(new URL(`${adminUrl}${path}`), controller.signal);
    if (response.statusCode !== 200) throw new AdminError(`answered ${response.statusCode}`, true);
    body = await bounded(response, maxBytes);
  } catch (error) {
    response?.destroy();
    if (error instanceof AdminError) throw error;
    if (stop?.aborted === true) throw new AdminError('did not answer before the run was stopped', false);
    if (controller.signal.aborted) {
      throw new AdminError(`did not answer within ${timeoutMs / 1000} s`, false);
    }
    throw new AdminError(response === null ? reason(error) : 'broke off its answer', false);
  } finally {
    clearTimeout(timer);
    stop?.removeEventListener('abort', abort);
  }
  try {
    return parseJson(body.toString('utf8'));
  } catch (error) {
    const what =
      error instanceof JsonLimitError ? `JSON that ${error.message}` : 'something that is not JSON';
    throw new AdminError(`answered ${what}`, true);
  }
}

async function responseTo(url: URL, signal: AbortSignal): Promise<IncomingMessage> {
  const request =
    url.protocol === 'https:'
      ? httpsRequest(url, { signal, agent: httpsAgent })
      : httpRequest(url, { signal, agent: httpAgent });
  const head = once(request, 'response');
  request.end();
  const [response] = (await head) as [IncomingMessage];
  // Later errors end the reading of the body; without a listener they would end the process.
  request.on('error', () => {});
  return response;
}

async function bounded(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  // Leaving the loop ends the connection.
  for await (const piece of response as AsyncIterable<Buffer>) {
    bytes += piece.byteLength;
    if (bytes > maxBytes) throw new AdminError(`answered more than ${maxBytes >> 20} MiB`, true);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function reason(error: unknown): string {
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string') return 'did not answer';
  return code.startsWith('HPE_')
    ? 'answered something that is not HTTP'
    : `did not answer (${systemReason(error)})`;
}

/** One endpoint of a cluster, as `/clusters?format=json` reports it. */
export interface AdminEndpoint {
  readonly cluster: string;
  /** `127.0.0.1:40001` */
  readonly address: string;
  /** Its health status has `failed_outlier_check`. */
  readonly ejected: boolean;
  /** Counters by name, such as `rq_total`. */
  readonly stats: ReadonlyMap<string, number>;
}

/**
 * Reads the endpoints from an answer to `/clusters?format=json`. Entries of another shape are left out.
 *
 * @throws AdminError if it is not such an answer
 */
export function readEndpoints(answer: unknown): AdminEndpoint[] {
  const clusters = member(answer, 'cluster_statuses');
  // Envoy omits the list if it has no clusters.
  if (!isObject(answer) || (clusters !== undefined && !Array.isArray(clusters))) {
    throw new AdminError("answered something other than Envoy's /clusters", true);
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
        // Envoy omits a value of 0.
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
 * Reads counters and gauges, by name, from an answer to `/stats?format=json`.
 *
 * @throws AdminError if it is not such an answer
 */
export function readStats(answer: unknown): Map<string, number> {
  const stats = member(answer, 'stats');
  if (!Array.isArray(stats)) throw new AdminError("answered something other than Envoy's /stats", true);
  const values = new Map<string, number>();
  for (const stat of stats) {
    const [name, value] = [member(stat, 'name'), member(stat, 'value')];
    if (typeof name === 'string' && typeof value === 'number') values.set(name, value);
  }
  return values;
}

/** A member of a value that may be an object; undefined if it is not, or has no such member. */
export function member(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
