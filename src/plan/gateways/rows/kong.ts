import { type GatewayFacts, NOTHING_READ, readIn } from '../facts.js';

const VERSION = '2026-08-18, 1fa68f8';
const VALIDATION = readIn(
  VERSION,
  'Kong/kubernetes-ingress-controller internal/admission/validation/gateway/httproute.go',
);
const TRANSLATOR = readIn(
  VERSION,
  'Kong/kubernetes-ingress-controller internal/dataplane/translator/subtranslator/subtranslator_vars.go',
);
const BACKENDS = readIn(
  VERSION,
  'Kong/kubernetes-ingress-controller internal/dataplane/translator/subtranslator/backendref.go',
);
const POLICIES = readIn(VERSION, 'Kong/kubernetes-ingress-controller: no file names a DestinationRule');

// The order depends on Kong's router flavor; only that of `expressions` stands in the controller's sources.
export const kong: GatewayFacts = {
  ...NOTHING_READ,
  name: 'Kong',
  controllers: ['konghq.com/kic-gateway-controller', 'konghq.com/gateway-operator'],
  classNames: ['kong'],
  backendFilters: VALIDATION('rejected', 'by its admission webhook'),
  retries: TRANSLATOR('5'),
  missingBackend: BACKENDS('none: its share goes to the others'),
  policies: POLICIES('others'),
};
