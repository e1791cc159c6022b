import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planning } from '../../src/analysis/planning/planning.js';
import { fixedSize } from '../../src/analysis/stats/sample-size.js';
import { planWithFacts } from '../../src/plan/plan-facts.js';
import { count } from '../../src/text/numbers.js';
import { documentText } from '../support/markdown.js';

test('docs/statistics.md has the numbers of requests that the code gives', async () => {
  const rows = [
    ...documentText('docs/statistics.md').matchAll(
      /^\| ([\d/]+) +\| ± ([\d.]+) points +\| ([\d,]+) +\| ([\d,]+) +\|$/gm,
    ),
  ];
  assert.equal(rows.length, 4);
  for (const [, split = '', points, requests, fixed] of rows) {
    const expect = Object.fromEntries(split.split('/').map((weight, i) => [`v${i + 1}`, Number(weight)]));
    const tolerance = Number(points) / 100;
    const { plan, facts } = await planWithFacts({ expect, tolerance });
    assert.equal(count(planning(plan, facts, 0.9).needed.split?.requests ?? 0), requests, split);
    const shares = plan.judge.expected?.map(({ share }) => share) ?? [];
    assert.equal(
      count(
        fixedSize(
          shares,
          shares.map(() => tolerance),
          0.95,
        ),
      ),
      fixed,
      split,
    );
  }
});
