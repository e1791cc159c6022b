import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunResult } from '../../../src/analysis/result.js';
import { RunFold } from '../../../src/analysis/run-fold.js';
import { tableReport } from '../../../src/report/table.js';
import { BlockMaker, judgePlan, type Row, runInfo } from '../../support/blocks.js';

const times = (n: number, row: Row): Row[] => Array.from({ length: n }, () => row);

function judged(
  rows: readonly Row[],
  weights: Record<string, number>,
  tolerance: number | null = null,
): RunResult {
  const maker = new BlockMaker();
  const run = new RunFold(maker.context({ ...judgePlan(weights, tolerance), only: ['split'] }));
  run.add(maker.block(rows));
  return run.result(runInfo(rows.length));
}

test('99/1 expected and 100/0 in force never passes, at any size and with a tolerance that reaches over the share', () => {
  for (const n of [1, 99, 150, 200, 250, 298, 300, 350, 367, 368, 400, 5000]) {
    for (const tolerance of [null, 0.02]) {
      const result = judged(times(n, { version: 'v1' }), { v1: 99, v2: 1 }, tolerance);
      assert.notEqual(result.verdict, 'pass', `${n} ± ${tolerance}`);
      assert.match(result.checks[1]?.text ?? '', /^v2 got no request \(1 % ± /);
      // (1 − 0.01)^n <= 0.025 from 368 on.
      if (n >= 368) assert.equal(result.verdict, 'fail');
    }
  }
});

test('that a version got no request is said once', () => {
  const maker = new BlockMaker();
  const run = new RunFold(maker.context(judgePlan({ v1: 99, v2: 1 })));
  run.add(maker.block(times(350, { version: 'v1' })));
  const report = tableReport(run.result(runInfo(350)), { columns: 100, color: false });
  assert.match(report, /^INCONCLUSIVE {2}v2 got no request \(1 % ± 0\.5\)\n/);
});

test('requests without a version do not make a version that never answered pass', () => {
  const rows = [...times(3000, { version: 'v1' }), ...times(30, {})];
  const result = judged(rows, { v1: 99, v2: 1 }, 0.05);
  assert.equal(result.verdict, 'inconclusive');
  assert.equal(result.split?.moreRequestsNeeded, null, 'more of the same would not decide it');
});

test('98/2 in force is no 99/1; the tolerance that applied is in the result', () => {
  const result = judged([...times(9800, { version: 'v1' }), ...times(200, { version: 'v2' })], {
    v1: 99,
    v2: 1,
  });
  assert.equal(result.verdict, 'fail');
  assert.equal(result.split?.tolerancePoints, 0.5);
  assert.match(result.checks[1]?.text ?? '', /^v2 got 2 %, at least 1\.\d+ % \(1 % ± 0\.5\)$/);
});

test('where only the requests without a version leave it open, the check says so', () => {
  const text = (v1: number, v2: number, unknown: number) => {
    const rows = [...times(v1, { version: 'v1' }), ...times(v2, { version: 'v2' }), ...times(unknown, {})];
    const result = judged(rows, { v1: 90, v2: 10 });
    assert.equal(result.split?.verdict, 'inconclusive');
    return result.checks[1]?.text ?? '';
  };
  assert.match(text(4500, 500, 90), /; without the 90 requests without a known version it would pass$/);
  assert.match(text(4340, 660, 200), /; without the 200 requests without a known version it would fail$/);
  // Too few for a verdict, and no number would be enough while one in thirty has no version.
  assert.match(
    text(90, 10, 4),
    /; the 4 requests without a known version alone leave it open, however many more are sent$/,
  );
  assert.doesNotMatch(text(360, 40, 1), /without a known version/);
  const none = judged(times(500, {}), { v1: 90, v2: 10 });
  assert.match(
    none.checks[1]?.text ?? '',
    /^no request is known to have gone to v2 \(10 % ± 2\); the 500 requests/,
  );
});
