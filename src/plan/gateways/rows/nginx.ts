import { type GatewayFacts, readIn } from '../facts.js';
import { NGINX_ORDER } from '../match-order.js';

const VERSION = '2026-08-20, e55bfe3';
const REPOSITORY = 'nginx/nginx-gateway-fabric internal/controller';
const CONFIG = readIn(VERSION, `${REPOSITORY}/nginx/config/servers.go, state/dataplane/sort.go`);
const SPLIT = readIn(VERSION, `${REPOSITORY}/nginx/config/split_clients_template.go`);
const BACKENDS = readIn(VERSION, `${REPOSITORY}/state/graph/backend_refs.go`);
const SERVERS = readIn(VERSION, `${REPOSITORY}/nginx/config/servers_template.go`);
const POLICIES = readIn(VERSION, 'nginx/nginx-gateway-fabric: no file names a DestinationRule');

export const nginx: GatewayFacts = {
  name: 'NGINX Gateway Fabric',
  controllers: ['gateway.nginx.org/nginx-gateway-controller'],
  classNames: ['nginx'],
  draw: SPLIT('at random', 'weights are rounded to 0.01 %'),
  order: CONFIG(
    NGINX_ORDER,
    'a request that the winning path takes, and none of its other conditions, is not passed to another path',
  ),
  backendFilters: BACKENDS('answers 500'),
  retries: SERVERS('of failed connections and time-outs', "nginx's default, to the next endpoint"),
  retriesGo: SPLIT('to the same version'),
  countsPer: null,
  missingBackend: BACKENDS('500 for its share'),
  unknownHost: SERVERS('404'),
  policies: POLICIES('others'),
};
