import { type GatewayFacts, NOTHING_READ, readIn } from '../facts.js';

const ROUTE = readIn('commit de83956', 'cilium/cilium operator/pkg/model/translation/envoy_virtual_host.go');

// Its conformance report of 1.20.0 has RequestHeaderModifier on backendRefs; ResponseHeaderModifier was not read.
export const cilium: GatewayFacts = {
  ...NOTHING_READ,
  name: 'Cilium',
  controllers: ['io.cilium/gateway-controller'],
  classNames: ['cilium'],
  draw: ROUTE('at random'),
  countsPer: ROUTE('version'),
};
