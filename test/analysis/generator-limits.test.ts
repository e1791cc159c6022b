import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generatorBusy } from '../../src/analysis/generator-limits.js';
import type { GeneratorUse } from '../../src/analysis/result.js';
import { GENERATOR } from '../support/saved.js';

const CLOSED = { mode: 'closed', driver: 'undici' } as const;
const OPEN = { mode: 'open', driver: 'wire' } as const;
const use = (changes: Partial<GeneratorUse>): GeneratorUse => ({ ...GENERATOR, threads: 1, ...changes });
const said = (...given: Parameters<typeof generatorBusy>) =>
  generatorBusy(...given)
    .map(({ code, text }) => `${code}: ${text}`)
    .join('\n');

test('a generator with time left calls for no words, nor one that is not known', () => {
  assert.equal(said(null, CLOSED), '');
  assert.equal(said(use({}), CLOSED), '');
  assert.equal(said(use({ busyShare: 0.89, spinShare: 0.11 }), OPEN), '', 'spinning is no work');
  assert.equal(said(use({ busyShare: 0.99, durationMs: 900 }), CLOSED), '', 'too short to tell');
});

test('a thread near its ceiling: what it may have limited, and what helps', () => {
  const text = said(use({ busyShare: 0.972 }), CLOSED);
  assert.match(
    text,
    /^generator-busy: The generator's thread was 97\.2 % busy: the generator, not the gateway,/,
  );
  assert.match(text, /A closed loop against a quick gateway always ends there/);
  assert.match(text, /What helps: --threads 2, --driver wire, a fixed rate \(-q\)\. weighbridge doctor/);
  const open = said(use({ busyShare: 0.95, threads: 4 }), OPEN);
  assert.match(open, /One of the generator's 4 threads was 95 % busy/);
  assert.doesNotMatch(open, /closed loop|--threads|--driver|without a core/);
  assert.match(
    open,
    /What helps: a lower rate \(-q\)\. This machine has 4 cores: more takes a larger one\. weighbridge doctor/,
  );
});

test('a part of the load is enough, if it is long', () => {
  const part = { busyShare: 0.4, durationMs: 20_000 };
  assert.match(
    said(use({ ...part, nearCeilingMs: 3_000 }), OPEN),
    /thread was at least 90 % busy for 3 s of 20 s/,
  );
  assert.equal(said(use({ ...part, nearCeilingMs: 1_500 }), OPEN), '', 'less than a tenth');
  assert.equal(said(use({ ...part, durationMs: 2_000, nearCeilingMs: 500 }), OPEN), '', 'less than a second');
});

test('others that had the cores, and a main thread that has no time left', () => {
  assert.match(
    said(use({ busyShare: 1, noCoreShare: 0.34 }), CLOSED),
    /For 34 % of the time a thread of the generator had work and no core, because others had them all\. A closed/,
  );
  const main = said(use({ mainBusyShare: 0.93, noCoreShare: null }), OPEN);
  assert.match(
    main,
    /: The main thread, which counts the results, was 93 % busy: .*What helps: a lower rate/,
  );
  assert.doesNotMatch(main, /--threads/);
  assert.equal(said(use({ noCoreShare: 0.24 }), OPEN), '');
  const alone = said(use({ noCoreShare: 0.25, threads: 4 }), OPEN);
  assert.match(
    alone,
    /: For 25 % of the time a thread of the generator had .* had them all: the generator, not/,
  );
});

test('in a search for limits no option gives the rate', () => {
  const text = said(use({ busyShare: 0.95, threads: 4 }), OPEN, true);
  assert.doesNotMatch(text, /What helps|closed loop/);
  assert.match(text, /This machine has 4 cores/);
});
