/** The real Envoy for tests that need one. */
import type { TestContext } from 'node:test';
import { findEnvoy } from '../../src/lab/envoy/find-envoy.js';

/**
 * Path of an Envoy binary. Without one the test is skipped, or fails when REQUIRE_ENVOY=1 is set, as in CI. Why there is
 * none, scripts/test.js says.
 */
export function envoyForTests(t: TestContext): string | undefined {
  try {
    return findEnvoy();
  } catch (error) {
    if (process.env.REQUIRE_ENVOY === '1') {
      throw error;
    }
    t.skip('no Envoy');
    return undefined;
  }
}
