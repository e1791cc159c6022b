/** Small manifests that were once judged wrongly: a folder each in test/fixtures/cases. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

const CASES = 'test/fixtures/cases';

/** A file of a case as text: `manifest` is what a user gives, `lab` what the gateway really does with it. */
export function caseText(name: string, file: 'manifest' | 'lab' = 'manifest'): string {
  return readFileSync(`${CASES}/${name}/${file}.yaml`, 'utf8');
}

/** The cases with a manifest that can be read as YAML. */
export function caseNames(): readonly string[] {
  return readdirSync(CASES).filter(
    (name) => name !== 'fmt-helm' && existsSync(`${CASES}/${name}/manifest.yaml`),
  );
}
