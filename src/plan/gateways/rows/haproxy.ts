import { type GatewayFacts, NOTHING_READ, readIn } from '../facts.js';

const ROUTE = readIn(
  'commit 2d0396a, and 0.17.0-alpha.1 by its conformance report',
  'jcmoraisjr/haproxy-ingress pkg/converters/gateway/gateway.go',
);

/** HAProxy Ingress. The controller of HAProxy Technologies has TCPRoutes only. */
export const haproxy: GatewayFacts = {
  ...NOTHING_READ,
  name: 'HAProxy Ingress',
  controllers: ['haproxy-ingress.github.io/controller'],
  classNames: ['haproxy'],
  backendFilters: ROUTE('ignored'),
};
