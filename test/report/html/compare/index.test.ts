import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare } from '../../../../src/compare.js';
import { htmlComparison } from '../../../../src/report/html/compare/index.js';
import { comparableRun } from '../../../support/comparable.js';
import { foundKnee, noRefusals } from '../../../support/limits-results.js';

const run = (errors = 0) =>
  comparableRun({
    v1: { requests: 9000, expectedShare: 0.9 },
    v2: { requests: 1000, expectedShare: 0.1, errors },
  });

test('the answer comes first, then the results, the pair and a curve for each version and result', () => {
  const page = htmlComparison(compare([run(), run(200)], { names: ['last/week.json', 'last/today.json'] }));
  const places = ['id="answer"', 'id="results"', 'id="pair-1"', 'id="plots"', 'id="how"', 'id="command"'].map(
    (id) => page.indexOf(id),
  );
  assert.ok(
    places.every((place, i) => place > (places[i - 1] ?? 0)),
    places.join(),
  );
  assert.match(page, /<h2 id="verdict">WORSE<\/h2>\s*<p class="why">B today\.json against A week\.json<\/p>/);
  assert.match(page, /errors of v2 \+20\.00 points/);
  assert.match(page, /<span class="fail">worse<\/span>/);
  const [, data = '[]'] = /id="plot-data">(.*?)<\/script>/.exec(page) ?? [];
  const [plot] = JSON.parse(data) as { series: { label: string; values: (number | null)[] }[] }[];
  assert.deepEqual(
    plot?.series.map(({ label }) => label),
    ['v1, A week.json', 'v1, B today.json', 'v2, A week.json', 'v2, B today.json'],
  );
  assert.ok(plot?.series.every(({ values }) => values.filter((value) => value !== null).length > 20));
});

test('several results, searches for limits, and names that would be markup', () => {
  const hostile = '</script><script>alert(1)</script>';
  const many = htmlComparison(compare([run(), run(), run(200)], { names: ['a', hostile, 'c'] }));
  assert.match(many, /C c: worse\. errors of v2/);
  assert.equal(many.includes('<script>alert'), false);
  const limits = htmlComparison(compare([foundKnee(), noRefusals()]));
  assert.match(limits, /CANNOT TELL/);
  assert.equal(limits.includes('id="plots"'), false);
});
