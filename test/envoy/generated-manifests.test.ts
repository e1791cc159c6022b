/** Envoy accepts what the lab makes of manifests that the schemas of their kinds allow. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { UserError } from '../../src/errors.js';
import { type Bootstrap, type BootstrapOptions, buildBootstrap } from '../../src/lab/envoy/bootstrap.js';
import { makeCertificate } from '../../src/lab/mesh/certificates.js';
import { crdManifests, topologyOf } from '../support/crd-manifests.js';
import { envoyForTests } from '../support/envoy.js';
import { readManifestTexts } from '../support/manifests.js';

test('Envoy accepts the bootstrap of generated manifests', async (t) => {
  const binary = envoyForTests(t);
  if (binary === undefined) return;
  const folder = mkdtempSync(join(tmpdir(), 'weighbridge-validate-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const certificate = await makeCertificate({ names: ['shop.example.com'] });
  const file = join(folder, 'bootstrap.json');
  await fc.assert(
    fc.asyncProperty(crdManifests, async (text) => {
      const manifests = await readManifestTexts(text);
      const topology = topologyOf(manifests);
      const built = builtOrNull({ manifests, topology, certificate, defaultRetries: true });
      fc.pre(built !== null && built.listeners.length > 0);
      writeFileSync(file, JSON.stringify(built.bootstrap));
      const { status, stderr } = spawnSync(binary, ['--mode', 'validate', '-c', file], { encoding: 'utf8' });
      assert.equal(status, 0, stderr);
    }),
    { seed: 22, numRuns: 40 },
  );
});

/** Null: refused with words. */
function builtOrNull(options: BootstrapOptions): Bootstrap | null {
  try {
    return buildBootstrap(options);
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    return null;
  }
}
