import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PRESET_NAMES } from '../../../src/plan/labels/preset-names.js';
import { viewBody } from '../../../src/probes/identifier/body-view.js';
import { detectIdentifier } from '../../../src/probes/identifier/detect.js';
import { PRESETS } from '../../../src/probes/identifier/presets/index.js';
import { readBy } from './fixtures.js';
import { APP_SAMPLES } from './samples.js';

const CANDIDATES = ['backend-v1', 'v1', 'v2', 'blue', 'green'];

test('there is a sample of each preset, and each name has its preset', () => {
  assert.deepEqual(new Set(APP_SAMPLES.map(({ preset }) => preset)), new Set(PRESET_NAMES));
  assert.deepEqual(PRESETS.map(({ name }) => name).sort(), [...PRESET_NAMES].sort());
});

test("each app's answer gives its version and endpoint, and nothing of the request in it", () => {
  for (const { preset, body, version, endpoint } of APP_SAMPLES) {
    assert.deepEqual(readBy(preset, body, CANDIDATES), { version, endpoint }, preset);
  }
});

test("each app's answer is detected as its own, with and without candidates", () => {
  for (const { preset, headers, body } of APP_SAMPLES) {
    for (const candidates of [CANDIDATES, []]) {
      const found = detectIdentifier({ status: 200, headers, body: Buffer.from(body) }, candidates);
      assert.deepEqual(found?.version, { from: 'preset', preset }, body);
    }
  }
});

test('no preset recognises the answer of another, but http-echo a short text with a candidate in it', () => {
  for (const { preset, headers, body } of APP_SAMPLES) {
    const sample = { status: 200, headers, body: Buffer.from(body) };
    const by = PRESETS.filter((one) => one.recognise(sample, viewBody(sample.body, false), []) !== null);
    assert.deepEqual(
      by.map(({ name }) => name),
      [preset],
      body,
    );
  }
});

test('a body cut at any byte gives the same labels or none', () => {
  for (const { preset, body, version, endpoint } of APP_SAMPLES) {
    const bytes = Buffer.from(body);
    // The text that http-echo answers is searched for words, in what is there.
    if (preset === 'http-echo') continue;
    for (let length = 0; length < bytes.length; length += 1) {
      const read = readBy(preset, bytes.subarray(0, length), CANDIDATES, 'cut');
      // Before its name comes, whoami's first line may be all there is of another app.
      assert.ok(read.version === null || read.version === version, `${preset}: ${read.version}`);
      assert.ok(read.endpoint === null || read.endpoint === endpoint, `${preset}: ${read.endpoint}`);
    }
  }
});

test('presets read nothing in what has another shape', () => {
  for (const body of [
    '',
    'null',
    '[]',
    '{}',
    '7',
    '<html>',
    '{"version":',
    'hello',
    '\n\n',
    '{"os":1,"choices":[]}',
  ]) {
    for (const { name } of PRESETS) {
      if (name === 'http-echo') continue;
      assert.deepEqual(readBy(name, body), { version: null, endpoint: null }, `${name}: ${body}`);
    }
  }
});
