import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limitsHtml } from '../../../src/report/html/limits/index.js';
import type { PlotSpec } from '../../../src/report/html/plot-spec.js';
import { plotsIn, wordsIn } from '../../support/html-page.js';
import { foundKnee } from '../../support/limits-results.js';

test('the answer in the words of the table, and a curve with its marks', () => {
  const result = foundKnee();
  const page = limitsHtml(result);
  const words = wordsIn(page);
  assert.match(words, /First refusals at 180 connections/);
  assert.match(words, /From how many connections on does the gateway refuse requests\?/);
  const [throughput, latency] = plotsIn(page) as [PlotSpec, PlotSpec];
  assert.deepEqual(
    throughput.x.values,
    result.limits.levels.map(({ connections }) => connections),
  );
  assert.ok(
    throughput.marks.some(({ label }) => label.startsWith('full (knee) 301')),
    JSON.stringify(throughput.marks),
  );
  assert.ok(throughput.marks.some(({ label }) => label.startsWith('first refusals 180')));
  assert.equal(latency.y.unit, 'us');
  for (const [tag] of page.matchAll(/<table[\s\S]*?<\/table>/g)) {
    assert.match(tag, /<caption>[^<]+<\/caption>/);
    assert.match(tag, /<th scope="col"/);
  }
});

test('without a step there is no plot, and the page still answers', () => {
  const page = limitsHtml(foundKnee({ steps: [], levels: [] }, { ended: 'interrupted' }));
  assert.deepEqual(plotsIn(page), []);
  assert.match(wordsIn(page), /The search was interrupted/);
  assert.doesNotMatch(wordsIn(page), /NaN|undefined|Infinity/);
});
