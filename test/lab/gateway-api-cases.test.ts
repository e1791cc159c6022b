/** Cases of test/fixtures/cases with routes of the Gateway API: what the embedded gateway does with them. */
import { gatewayApiCases } from '../support/gateway-api-cases.js';

gatewayApiCases(null, () => false);
