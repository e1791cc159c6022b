/** Manifests that the schemas of their kinds allow: they are read, and nothing that is done with them ends in a stack. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UserError } from '../../../src/errors.js';
import { instrument } from '../../../src/instrument/instrument.js';
import { undo } from '../../../src/instrument/undo.js';
import { buildBootstrap } from '../../../src/lab/envoy/bootstrap.js';
import { makePlan } from '../../../src/plan/make-plan.js';
import { crdManifests, topologyOf } from '../../support/crd-manifests.js';
import { readManifestTexts } from '../../support/manifests.js';

const UNPRINTABLE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;

/** How often each part came to a result; the others were refused with words. */
const done = { plan: 0, lab: 0, instrument: 0 };

async function attempt(part: keyof typeof done, text: string, act: () => unknown): Promise<void> {
  try {
    await act();
    done[part] += 1;
  } catch (error) {
    assert.ok(error instanceof UserError, `${part}: ${(error as Error).stack}\n${text}`);
    assert.doesNotMatch(error.message, UNPRINTABLE);
  }
}

test('generated manifests are read, planned, rehearsed and instrumented, or refused with words', async () => {
  await fc.assert(
    fc.asyncProperty(crdManifests, fc.nat(3), async (text, n) => {
      const manifests = await readManifestTexts(text);
      await attempt('plan', text, async () => {
        const { notes } = await makePlan({ url: 'http://192.0.2.1', manifests });
        for (const note of notes) assert.doesNotMatch(note.text, UNPRINTABLE);
      });
      await attempt('lab', text, () => {
        const certificate = { certPem: 'certificate', keyPem: 'key' };
        const topology = topologyOf(manifests);
        const { notes } = buildBootstrap({ manifests, topology, certificate, defaultRetries: true });
        for (const note of notes) assert.doesNotMatch(note, UNPRINTABLE);
      });
      // Slower than the rest together.
      if (n > 0) return;
      await attempt('instrument', text, () => {
        const source = (one: string) => [{ name: 'manifests.yaml', text: one, named: true }];
        const changed = instrument(source(text), { endpoints: true, force: true }).text;
        assert.equal(undo(source(changed)).text, text);
      });
    }),
    { seed: 22, numRuns: 400 },
  );
  for (const [part, count] of Object.entries(done))
    assert.ok(count > 40, `${part}: ${count} came to a result`);
});
