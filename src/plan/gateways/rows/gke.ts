import { type GatewayFacts, NOTHING_READ, readIn } from '../facts.js';

const REPORT = readIn(
  '1.36.2-gke.2154000',
  'kubernetes-sigs/gateway-api conformance/reports/v1.6/gke-gateway/v1.6.0-gke-report.yaml',
);

export const gke: GatewayFacts = {
  ...NOTHING_READ,
  name: 'GKE Gateway',
  controllers: ['networking.gke.io/gateway'],
  classNames: ['gke-l7-*'],
  backendFilters: REPORT('not supported'),
};
