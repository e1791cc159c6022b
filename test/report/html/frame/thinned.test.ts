import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { keptPlaces, MAX_POINTS, thinned } from '../../../../src/report/html/frame/thinned.js';
import type { PlotSpec } from '../../../../src/report/html/plot-spec.js';

const value = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), { nil: null });

test('no more places than asked for, rising, and the highest and lowest of each line are among them', () => {
  const cases = fc
    .record({ length: fc.integer({ min: 1, max: 400 }), lines: fc.integer({ min: 1, max: 4 }) })
    .chain(({ length, lines }) =>
      fc.record({
        lines: fc.array(fc.array(value, { minLength: length, maxLength: length }), {
          minLength: lines,
          maxLength: lines,
        }),
        most: fc.integer({ min: 20, max: 120 }),
      }),
    );
  fc.assert(
    fc.property(cases, ({ lines, most }) => {
      const length = lines[0]?.length ?? 0;
      const kept = keptPlaces(length, lines, most);
      assert.ok(kept.length <= Math.max(most, 0), `${kept.length} of ${most}`);
      assert.deepEqual(
        kept,
        [...new Set(kept)].sort((a, b) => a - b),
      );
      assert.ok(kept.includes(0) && kept.includes(length - 1));
      for (const line of lines) {
        const all = line.filter((one) => one !== null);
        const shown = kept.flatMap((at) => line[at] ?? []);
        if (all.length === 0) continue;
        assert.equal(Math.max(...shown), Math.max(...all));
        assert.equal(Math.min(...shown), Math.min(...all));
      }
    }),
  );
});

function spec(points: number): PlotSpec {
  const values = Array.from({ length: points }, (_, i) => (i === 7_777 ? 1e6 : i % 10));
  return {
    id: 'one',
    x: { unit: 'seconds', label: '', values: values.map((_, i) => i) },
    y: { unit: 'requests', label: '', scale: 'linear' },
    series: [
      { label: 'a', values, interval: { low: values, high: values }, style: 'line', tone: 0, dash: 0 },
    ],
    bands: [],
    marks: [],
  };
}

test('a plot of many points keeps its spike, and one of few stays as it is', () => {
  const few = spec(MAX_POINTS);
  assert.equal(thinned(few), few);
  const { x, series } = thinned(spec(100_000));
  assert.ok(x.values.length <= MAX_POINTS && x.values.length > MAX_POINTS / 4);
  const at = x.values.indexOf(7_777);
  assert.equal(series[0]?.values[at], 1e6);
  assert.equal(series[0]?.interval?.high[at], 1e6);
  assert.equal(series[0]?.values.length, x.values.length);
});
