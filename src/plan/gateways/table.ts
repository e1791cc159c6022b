/** The gateways that are known, in the order in which docs/gateways.md prints them. A new one is a file in rows/ and a line here. */
import type { GatewayFacts } from './facts.js';
import { apisix } from './rows/apisix.js';
import { cilium } from './rows/cilium.js';
import { contour } from './rows/contour.js';
import { envoyGateway } from './rows/envoy-gateway.js';
import { gke } from './rows/gke.js';
import { haproxy } from './rows/haproxy.js';
import { istio } from './rows/istio.js';
import { kgateway } from './rows/kgateway.js';
import { kong } from './rows/kong.js';
import { linkerd } from './rows/linkerd.js';
import { nginx } from './rows/nginx.js';
import { traefik } from './rows/traefik.js';
import { varnish } from './rows/varnish.js';

export const GATEWAYS: readonly GatewayFacts[] = [
  istio,
  envoyGateway,
  kgateway,
  nginx,
  kong,
  traefik,
  cilium,
  linkerd,
  gke,
  contour,
  apisix,
  haproxy,
  varnish,
];
