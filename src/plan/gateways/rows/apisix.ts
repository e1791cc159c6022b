import { type GatewayFacts, NOTHING_READ, readIn } from '../facts.js';

const ROUTE = readIn(
  '2.2.0 of 2026-08-18, d510f66',
  'apache/apisix-ingress-controller internal/adc/translator/httproute.go',
);
const POLICIES = readIn(
  '2026-08-18, d510f66',
  'apache/apisix-ingress-controller: no file names a DestinationRule',
);

export const apisix: GatewayFacts = {
  ...NOTHING_READ,
  name: 'APISIX',
  controllers: ['apisix.apache.org/apisix-ingress-controller'],
  classNames: ['apisix'],
  backendFilters: ROUTE('ignored'),
  missingBackend: ROUTE('none: its share goes to the others', '500 if no backend is left'),
  policies: POLICIES('others'),
};
