import { type GatewayFacts, readIn } from '../facts.js';
import { KGATEWAY_ORDER } from '../match-order.js';

const SORT = readIn(
  'commit 08be94b, the same in 2025-02-24, 06ff8b9',
  'kgateway-dev/kgateway pkg/kgateway/translator/routeutils/sortable_route.go',
);
const ROUTE = readIn(
  '2025-02-24, 06ff8b9',
  'kgateway-dev/kgateway internal/kgateway/translator/irtranslator/route.go',
);
const FILTERS = readIn(
  '2.4.0-rc.1, commit 0705bfe',
  'kgateway-dev/kgateway pkg/kgateway/translator/irtranslator/route.go and its conformance report',
);
const POLICIES = readIn(
  'commit 0b1ede4; DestinationRules 2025-02-24, 06ff8b9',
  'kgateway-dev/kgateway pkg/kgateway/extensions2/plugins/backendconfigpolicy/plugin.go, plugins/destrule/destrule_plugin.go',
);

export const kgateway: GatewayFacts = {
  name: 'kgateway',
  controllers: ['kgateway.dev/kgateway'],
  classNames: ['kgateway'],
  draw: ROUTE('at random'),
  order: SORT(KGATEWAY_ORDER, "a route's weight annotation comes before all of it"),
  backendFilters: FILTERS('applied', 'not in 2.0'),
  retries: null,
  retriesGo: ROUTE('to the same version'),
  countsPer: ROUTE('version'),
  policies: POLICIES('BackendConfigPolicy', 'DestinationRules too if its Istio integration is switched on'),
  missingBackend: ROUTE('500 for its share'),
  unknownHost: null,
};
