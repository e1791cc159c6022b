/** The HTTP connection manager of a gateway's listener, with the filters and values that istiod sets. */
import type { Json } from './json.js';

/** @param routeConfig an envoy.config.route.v3.RouteConfiguration */
export function connectionManager(statPrefix: string, routeConfig: Json): Json {
  return {
    name: 'envoy.filters.network.http_connection_manager',
    typed_config: {
      '@type':
        'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
      stat_prefix: statPrefix,
      route_config: routeConfig,
      http_filters: HTTP_FILTERS,
      http_protocol_options: {},
      server_name: 'istio-envoy',
      use_remote_address: true,
      forward_client_cert_details: 'SANITIZE_SET',
      set_current_client_cert_details: { subject: true, cert: true, dns: true, uri: true },
      proxy_100_continue: true,
      upgrade_configs: [{ upgrade_type: 'websocket' }],
      stream_idle_timeout: '0s',
      normalize_path: true,
      path_with_escaped_slashes_action: 'KEEP_UNCHANGED',
    },
  };
}

const HTTP_FILTERS = [
  {
    name: 'envoy.filters.http.grpc_stats',
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.filters.http.grpc_stats.v3.FilterConfig',
      emit_filter_state: true,
      stats_for_all_methods: false,
    },
  },
  {
    name: 'envoy.filters.http.fault',
    typed_config: { '@type': 'type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault' },
  },
  {
    name: 'envoy.filters.http.cors',
    typed_config: { '@type': 'type.googleapis.com/envoy.extensions.filters.http.cors.v3.Cors' },
  },
  {
    name: 'envoy.filters.http.router',
    typed_config: { '@type': 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router' },
  },
];
