import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeBlocks, documentText } from '../support/markdown.js';

interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly additionalProperties?: Schema | boolean;
}

const root = JSON.parse(documentText('docs/result.schema.json')) as Schema;

/** The schemas that a value of this one may have, behind references and alternatives. */
function alternatives(schema: Schema): Schema[] {
  const referred = schema.$ref === undefined ? [] : [root.$defs?.[schema.$ref.replace('#/$defs/', '')]];
  const others = [...referred, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  return [schema, ...others.flatMap((other) => (other === undefined ? [] : alternatives(other)))];
}

/** Whether results have this field: `requests.cutOff`, `versions[].statuses`. */
function hasField(path: string): boolean {
  let found: Schema[] = alternatives(root);
  for (const part of path.replaceAll('[]', '.[]').split('.')) {
    const next = found.map(({ items, properties }) => (part === '[]' ? items : properties?.[part]));
    found = next.flatMap((schema) => (schema === undefined ? [] : alternatives(schema)));
  }
  return found.length > 0;
}

test('hasField follows references, lists and alternatives', () => {
  for (const path of ['verdict', 'requests.cutOff', 'versions[].statuses', 'ejections.windows[].startMs']) {
    assert.ok(hasField(path), path);
  }
  for (const path of ['verdicts', 'requests.lost', 'versions.statuses']) assert.ok(!hasField(path), path);
});

test('fields that README and docs/cli.md name are in the schema of results', () => {
  let checked = 0;
  for (const document of ['README.md', 'docs/cli.md']) {
    const text = documentText(document);
    const prose = text.replace(/^( *)```[\s\S]*?^ *```$/gm, '');
    const named = [...prose.matchAll(/`([a-z]\w*(?:(?:\[\])?\.\w+)+)`/g)].map(([, path]) => path as string);
    for (const path of named) {
      if (root.properties?.[path.replace(/\W.*/, '')] === undefined) continue;
      checked += 1;
      assert.ok(hasField(path), `${document}: ${path}`);
    }
  }
  assert.ok(checked > 2, `${checked} fields`);
});

test('fields that README gives to jq are in the schema of results', () => {
  const text = codeBlocks(documentText('README.md'))
    .map((block) => block.text)
    .join('\n');
  const programs = [...text.matchAll(/\bjq (?:-\w+ )*'([^']*)'/g)].map(([, program]) => program as string);
  assert.ok(programs.length > 0);
  for (const program of programs) {
    const [, path = '', names = ''] = /^\.([\w.[\]]+)(?: \| \{([\w, ]+)\})?$/.exec(program) ?? [];
    assert.ok(hasField(path), program);
    for (const name of names.split(', ')) assert.ok(hasField(`${path}.${name}`), `${program}: ${name}`);
  }
});
