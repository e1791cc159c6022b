/** Small manifests that were once judged wrongly: a folder each in test/fixtures/cases. */
import { readFileSync } from 'node:fs';

/** A file of a case as text: `manifest` is what a user gives, `lab` what the gateway really does with it. */
export function caseText(name: string, file: 'manifest' | 'lab' = 'manifest'): string {
  return readFileSync(`test/fixtures/cases/${name}/${file}.yaml`, 'utf8');
}
