// Makes test/fixtures/crds/GROUP_KIND.json of CustomResourceDefinitions: the stored version's schema of spec, without its texts.
//   node scripts/crd-schemas.js FILE.yaml…
import { readFileSync, writeFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

/** What says which values are valid. */
const KEPT = [
  'type',
  'properties',
  'items',
  'additionalProperties',
  'required',
  'enum',
  'pattern',
  'format',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minimum',
  'maximum',
  'oneOf',
  'anyOf',
  'not',
  'x-kubernetes-int-or-string',
  'x-kubernetes-preserve-unknown-fields',
];

/** The schema without descriptions, defaults and rules in CEL. */
function reduced(schema) {
  if (Array.isArray(schema)) return schema.map(reduced);
  if (schema === null || typeof schema !== 'object') return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => KEPT.includes(key))
      .map(([key, value]) => [key, partOf(key, value)]),
  );
}

function partOf(key, value) {
  if (key === 'required' || key === 'enum') return value;
  if (key !== 'properties') return reduced(value);
  return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, reduced(schema)]));
}

for (const file of process.argv.slice(2)) {
  for (const document of parseAllDocuments(readFileSync(file, 'utf8'))) {
    const { kind, spec } = document.toJS() ?? {};
    if (kind !== 'CustomResourceDefinition') continue;
    const { name, schema } = spec.versions.find(({ storage }) => storage);
    const content = {
      apiVersion: `${spec.group}/${name}`,
      kind: spec.names.kind,
      spec: reduced(schema.openAPIV3Schema.properties.spec),
    };
    writeFileSync(`test/fixtures/crds/${spec.group}_${spec.names.kind}.json`, `${JSON.stringify(content)}\n`);
  }
}
