/** The samples' lab, and folders for what runs write. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { packageRoot } from '../../src/io/package-root.js';
import { type Lab, startLab } from '../../src/lab/lab.js';
import { readManifests } from '../../src/plan/manifests/index.js';

export const HOST = 'test.devopscube.com';

/** Path of a file in samples/. */
export const sample = (name: string) => join(packageRoot(), 'samples', name);

/** A lab at 90/10 with a fixed seed, on free ports, until the test ends. */
export async function sampleLab(t: TestContext, gateway = 'gateway.yaml'): Promise<Lab> {
  const files = [gateway, 'httproute-90-10.yaml', 'destinationrules.yaml', 'deployments.yaml'].map(sample);
  const lab = await startLab({ manifests: await readManifests(files, async () => ''), seed: 11 });
  t.after(() => lab.close());
  return lab;
}

/** An empty folder, until the test ends. */
export function scratch(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'weighbridge-e2e-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
