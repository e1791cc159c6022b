/** Cases of test/fixtures/cases with routes of the Gateway API: what a real Envoy in the lab does with them. */
import { envoyForTests } from '../support/envoy.js';
import { gatewayApiCases } from '../support/gateway-api-cases.js';

gatewayApiCases({ path: null }, (t) => envoyForTests(t) === undefined);
