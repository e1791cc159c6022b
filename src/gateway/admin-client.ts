/**
 * Envoy's admin interface, read with bounds on time and bytes: what answers at an address that a user named can
 * be anything.
 */

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
  let body: Buffer;
  try {
    const response = await fetch(`${adminUrl}${path}`, { signal, redirect: 'manual' });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new AdminError(`answered ${response.status}`, true);
    }
    body = await bounded(response, mostBytes);
  } catch (error) {
    throw error instanceof AdminError ? error : new AdminError(reason(error, timeoutMs), false);
  }
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new AdminError('answered something that is not JSON', true);
  }
}

async function bounded(response: Response, mostBytes: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop cancels the rest.
  for await (const piece of response.body ?? []) {
    bytes += piece.byteLength;
    if (bytes > mostBytes) throw new AdminError(`answered more than ${mostBytes >> 20} MiB`, true);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function reason(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return 'did not answer';
  if (error.name === 'TimeoutError') return `did not answer within ${timeoutMs / 1000} s`;
  const { code } = (error.cause ?? {}) as { code?: unknown };
  return typeof code === 'string' ? `did not answer (${code})` : 'broke its answer off';
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
