/** The parts of Envoy's admin interface that the lab reads. */

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

/** @param adminUrl `http://127.0.0.1:9901` */
export function adminClient(adminUrl: string): AdminClient {
  const get = async (path: string): Promise<Response> =>
    fetch(`${adminUrl}${path}`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  const getJson = async <T>(path: string): Promise<T> => (await (await get(path)).json()) as T;
  return {
    async isLive() {
      try {
        const response = await get('/ready');
        await response.text();
        return response.status === 200;
      } catch {
        return false;
      }
    },
    async version() {
      // `<commit>/1.40.0/Clean/RELEASE/BoringSSL`
      const { version } = await getJson<{ version: string }>('/server_info');
      return version.split('/')[1] ?? version;
    },
    async stats() {
      const { stats } = await getJson<{ stats: { name?: string; value?: number }[] }>('/stats?format=json');
      const entries = stats.flatMap(({ name, value }) =>
        name !== undefined && typeof value === 'number' ? [[name, value] as const] : [],
      );
      return Object.fromEntries(entries);
    },
    async clusters() {
      const { cluster_statuses: statuses = [] } = await getJson<ClustersAnswer>('/clusters?format=json');
      return statuses.flatMap(({ name, host_statuses: hosts = [] }) =>
        hosts.map((host) => {
          const value = (wanted: string) =>
            Number(host.stats.find((stat) => stat.name === wanted)?.value ?? 0);
          const { address, port_value: port } = host.address.socket_address;
          return {
            cluster: name,
            address: `${address}:${port}`,
            requests: value('rq_total'),
            errors: value('rq_error'),
            ejected: host.health_status.failed_outlier_check === true,
          };
        }),
      );
    },
    async listenerPorts() {
      const { listener_statuses: statuses = [] } = await getJson<ListenersAnswer>('/listeners?format=json');
      return new Map(
        statuses.map((status) => [status.name, status.local_address.socket_address.port_value] as const),
      );
    },
  };
}

interface SocketAddress {
  readonly socket_address: { readonly address: string; readonly port_value: number };
}

interface ClustersAnswer {
  readonly cluster_statuses?: readonly {
    readonly name: string;
    readonly host_statuses?: readonly {
      readonly address: SocketAddress;
      readonly stats: readonly { readonly name: string; readonly value?: string }[];
      readonly health_status: { readonly failed_outlier_check?: boolean };
    }[];
  }[];
}

interface ListenersAnswer {
  readonly listener_statuses?: readonly { readonly name: string; readonly local_address: SocketAddress }[];
}
