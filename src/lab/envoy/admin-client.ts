/** The parts of Envoy's admin interface that the lab reads. */
import { askAdmin, readEndpoints, readStats } from '../../gateway/admin-client.js';

/** One endpoint of a cluster as Envoy counts it. */
interface EnvoyEndpoint {
  readonly cluster: string;
  /** `127.0.0.1:40001` */
  readonly address: string;
  /** rq_total: requests sent to it, retries included. */
  readonly requests: number;
  /** rq_error: 5xx and failed requests. */
  readonly errors: number;
  readonly ejected: boolean;
}

export interface AdminClient {
  /** True once Envoy serves. Never throws. */
  isLive(): Promise<boolean>;
  /** `1.40.0` */
  version(): Promise<string>;
  /** Counters and gauges by name. */
  stats(): Promise<Readonly<Record<string, number>>>;
  clusters(): Promise<readonly EnvoyEndpoint[]>;
  /** Listener name → port it listens on. */
  listenerPorts(): Promise<ReadonlyMap<string, number>>;
}

const TIMEOUT_MS = 5000;
const MAX_BYTES = 64 << 20;

/** @param adminUrl `http://127.0.0.1:9901` */
export function adminClient(adminUrl: string): AdminClient {
  const ask = (path: string) => askAdmin(adminUrl, path, { timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES });
  return {
    async isLive() {
      try {
        const { state } = (await ask('/server_info')) as { state: string };
        return state === 'LIVE';
      } catch {
        return false;
      }
    },
    async version() {
      // `<commit>/1.40.0/Clean/RELEASE/BoringSSL`
      const { version } = (await ask('/server_info')) as { version: string };
      return version.split('/')[1] ?? version;
    },
    async stats() {
      return Object.fromEntries(readStats(await ask('/stats?format=json')));
    },
    async clusters() {
      return readEndpoints(await ask('/clusters?format=json')).map(
        ({ cluster, address, ejected, stats }) => ({
          cluster,
          address,
          requests: stats.get('rq_total') ?? 0,
          errors: stats.get('rq_error') ?? 0,
          ejected,
        }),
      );
    },
    async listenerPorts() {
      const { listener_statuses: statuses = [] } = (await ask('/listeners?format=json')) as ListenersAnswer;
      return new Map(
        statuses.map((status) => [status.name, status.local_address.socket_address.port_value] as const),
      );
    },
  };
}

interface SocketAddress {
  readonly socket_address: { readonly address: string; readonly port_value: number };
}

interface ListenersAnswer {
  readonly listener_statuses?: readonly { readonly name: string; readonly local_address: SocketAddress }[];
}
