import { type GatewayFacts, NOTHING_READ, readIn } from '../facts.js';
import { TRAEFIK_ORDER } from '../match-order.js';

const VERSION = '3.7.9';
const ROUTE = readIn(VERSION, 'traefik/traefik pkg/provider/kubernetes/gateway/httproute.go');
const BALANCER = readIn(VERSION, 'traefik/traefik pkg/server/service/loadbalancer/wrr/wrr.go');
const MUXER = readIn(VERSION, 'traefik/traefik pkg/muxer/http/mux.go');
const POLICIES = readIn(VERSION, 'traefik/traefik: no file names a DestinationRule');

export const traefik: GatewayFacts = {
  ...NOTHING_READ,
  name: 'Traefik',
  controllers: ['traefik.io/gateway-controller'],
  classNames: ['traefik'],
  draw: BALANCER('rotates'),
  order: ROUTE(
    TRAEFIK_ORDER,
    'to the sum come the length of the longest hostname, and more for earlier rules',
  ),
  backendFilters: ROUTE('applied', 'not in 3.6 and before, by its conformance report'),
  missingBackend: ROUTE('500 for its share'),
  unknownHost: MUXER('404'),
  policies: POLICIES('others'),
};
