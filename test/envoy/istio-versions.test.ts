/** Versions of Istio: what a real Envoy answers. */
import { envoyForTests } from '../support/envoy.js';
import { istioVersionCases } from '../support/istio-version-cases.js';

istioVersionCases({ path: null }, (t) => envoyForTests(t) === undefined);
