import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseAllDocuments, stringify } from 'yaml';
import { UserError } from '../../src/errors.js';
import { instrument } from '../../src/instrument/instrument.js';
import { undo } from '../../src/instrument/undo.js';
import type { SourceText } from '../../src/plan/manifests/sources.js';
import { readManifestTexts } from '../support/manifests.js';
import { blockTexts, jsonTexts, manifestTexts } from './generated.js';

const SAMPLES = ['httproute-90-10', 'httproute-50-50', 'virtualservice', 'kubectl-get'];

function source(text: string): SourceText {
  return { name: 'route.yaml', text, named: true };
}

function instrumented(text: string, endpoints = true): string {
  return instrument([source(text)], { endpoints, force: false }).text;
}

function undone(text: string): string {
  return undo([source(text)]).text;
}

/** Every backend has its name as the version header. */
async function assertHeaders(text: string): Promise<void> {
  const { routes } = await readManifestTexts(text);
  for (const { rules } of routes) {
    for (const { name, responseHeaders } of rules.flatMap(({ backends }) => backends)) {
      const values = (responseHeaders?.set ?? []).filter(([header]) => header === 'x-weighbridge-version');
      assert.deepEqual(values, [['x-weighbridge-version', name]], text);
    }
  }
}

/** Each line of the text is a line of the longer one, in order. */
function assertOnlyAddedLines(text: string, longer: string): void {
  const rest = longer.split('\n');
  for (const line of text.split('\n')) {
    const at = rest.indexOf(line);
    assert.ok(at >= 0, `${JSON.stringify(line)} was changed in\n${longer}`);
    rest.splice(0, at + 1);
  }
}

/** What API servers store: no comments, keys sorted, lists as far left as their keys. */
function asKubectlPrints(text: string): string {
  return parseAllDocuments(text)
    .map((document) => stringify(document.toJS(), { sortMapEntries: true, indentSeq: false }))
    .join('---\n');
}

test('the samples: only lines are added, and undo gives every byte back', async () => {
  for (const name of SAMPLES) {
    const text = readFileSync(`samples/${name}.yaml`, 'utf8');
    const changed = instrumented(text);
    assertOnlyAddedLines(text, changed);
    await assertHeaders(changed);
    assert.equal(undone(changed), text);
    const windows = text.replaceAll('\n', '\r\n');
    assert.equal(instrumented(windows), changed.replaceAll('\n', '\r\n'));
    assert.equal(undone(instrumented(windows)), windows);
  }
});

test('generated manifests in all styles: undo gives every byte back, and twice is as once', async () => {
  await fc.assert(
    fc.asyncProperty(manifestTexts, fc.boolean(), async (text, endpoints) => {
      const changed = instrumented(text, endpoints);
      await assertHeaders(changed);
      assert.equal(undone(changed), text);
      assert.equal(instrumented(changed, endpoints), changed);
    }),
    { seed: 16, numRuns: 40 },
  );
});

test('generated manifests without brackets: only lines are added', () => {
  fc.assert(
    fc.property(blockTexts, (text) => {
      assert.doesNotMatch(text, /[[{](?!\])/);
      const changed = instrumented(text);
      assertOnlyAddedLines(text, changed);
      assert.equal(undone(changed), text);
    }),
    { seed: 16, numRuns: 30 },
  );
});

test('generated JSON, as kubectl prints lists: the same', async () => {
  await fc.assert(
    fc.asyncProperty(jsonTexts, async (text) => {
      const changed = instrumented(text, false);
      assert.doesNotThrow(() => JSON.parse(changed), changed);
      await assertHeaders(changed);
      assert.equal(undone(changed), text);
      assert.equal(undone(instrumented(text)), text);
      assert.doesNotMatch(instrumented(text), /^\s*\{/, 'kubectl would take it for JSON');
    }),
    { seed: 16, numRuns: 40 },
  );
});

test('undo of what an API server stored and kubectl printed leaves no trace', async () => {
  await fc.assert(
    fc.asyncProperty(manifestTexts, async (text) => {
      const stored = asKubectlPrints(instrumented(text, false));
      const back = undone(stored);
      const { routes } = await readManifestTexts(back);
      const all = routes.flatMap(({ rules }) => rules.flatMap(({ backends }) => backends));
      const left = all.filter((one) => one.responseHeaders?.set.some(([name]) => name.startsWith('x-weigh')));
      assert.ok(all.length > 0);
      assert.deepEqual(left, []);
      assert.equal(undone(back), back);
    }),
    { seed: 16, numRuns: 40 },
  );
});

test('damaged texts are refused with a word, or come back byte for byte', () => {
  const texts = SAMPLES.slice(0, 3).map((name) => readFileSync(`samples/${name}.yaml`, 'utf8'));
  const pieces = [
    '\t',
    '  ',
    '- ',
    '{',
    '}',
    '[',
    ']',
    ': ',
    '&a ',
    '*a',
    '#',
    '\n',
    '|',
    '>',
    '"',
    ',',
    '<<: *a',
    '!!map ',
    '? ',
    '---\n',
    '~',
  ];
  let survived = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...texts),
      fc.array(
        fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat(3), fc.constantFrom('', ...pieces)),
        {
          minLength: 1,
          maxLength: 3,
        },
      ),
      (text, damages) => {
        let damaged = text;
        for (const [where, length, piece] of damages) {
          const at = Math.floor(where * damaged.length);
          damaged = damaged.slice(0, at) + piece + damaged.slice(at + length);
        }
        try {
          const changed = instrumented(damaged);
          assert.equal(undone(changed), damaged);
          survived += 1;
        } catch (error) {
          assert.ok(error instanceof UserError, `${(error as Error).stack}\n${damaged}`);
        }
      },
    ),
    { seed: 16, numRuns: 300 },
  );
  assert.ok(survived > 30, `only ${survived} could be read`);
});
