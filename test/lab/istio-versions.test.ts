/** Versions of Istio: what the embedded gateway answers. */
import { istioVersionCases } from '../support/istio-version-cases.js';

istioVersionCases(null, () => false);
