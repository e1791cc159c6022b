import { type GatewayFacts, NOTHING_READ, readIn } from '../facts.js';
import { VARNISH_ORDER } from '../match-order.js';

const VERSION = '0.23.0';
const GENERATOR = readIn(VERSION, 'varnish/gateway internal/vcl/generator.go');
const DIRECTOR = readIn(VERSION, 'varnish/gateway ghost/src/vhost_director.rs');
const NOT_FOUND = readIn(VERSION, 'varnish/gateway ghost/src/not_found_backend.rs');
const REPORT = readIn(
  '0.20.0',
  'kubernetes-sigs/gateway-api conformance/reports/v1.5/varnish-software-varnish-gateway/standard-v0.20.0-default-report.yaml',
);
const POLICIES = readIn(VERSION, 'varnish/gateway: no file names a DestinationRule');

export const varnish: GatewayFacts = {
  ...NOTHING_READ,
  name: 'Varnish Gateway',
  controllers: ['varnish-software.com/gateway'],
  classNames: ['varnish'],
  draw: DIRECTOR('at random'),
  order: GENERATOR(VARNISH_ORDER),
  backendFilters: REPORT('not supported'),
  unknownHost: NOT_FOUND('404'),
  policies: POLICIES('others'),
};
