import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunResult } from '../../src/analysis/result.js';
import { type Row, runInfo } from '../support/blocks.js';
import { answers, resultOf } from '../support/results.js';

const times = (n: number, row: Row): Row[] => Array.from({ length: n }, () => row);
const gateway = (n: number, outcome: NonNullable<Row['outcome']>, status = 503): Row[] =>
  times(n, { outcome, status, origin: 'gateway' });
const kept = answers(950, { v1: 0.9, v2: 0.1 });
const weights = { v1: 90, v2: 10 };
const open = { ...runInfo(0).load, mode: 'open' as const, ratePerSecond: 100 };
const lateness = {
  sentLate: 12,
  generatorMaxUs: 70_000,
  generatorMeanUs: 120,
  percentilesUs: { '50': 5, '99': 90 },
  buckets: null,
  waited: 0,
  waitMaxUs: 0,
};

const cases: [what: string, result: RunResult, notes: [code: string, text: RegExp][]][] = [
  ['a kept split calls for no words', resultOf(kept, weights), []],
  [
    'a missing backend may be a whole version',
    resultOf([...kept, ...gateway(50, 'backend-ref-invalid', 500)], weights),
    [['backend-unreachable', /^50 responses \(5 % of requests\) .* whole share of a version/]],
  ],
  [
    'unattributed responses',
    resultOf([...kept, ...times(50, {})], weights),
    [
      [
        'unattributed',
        /^50 responses \(5 % of requests\) named no version; the intervals and the verdict allow/,
      ],
    ],
  ],
  ['nothing told a version', resultOf(times(5, {}), weights), [['nothing-attributed', /--version-from/]]],
  [
    'an unexpected version',
    resultOf([...kept, { version: 'v3' }], weights),
    [['unexpected-version', /^"v3" answered 1 request but is not expected.*--map/]],
  ],
  ['an unexpected version when nothing is judged is none', resultOf([...kept, { version: 'v3' }], null), []],
  [
    'weight 0',
    resultOf([...times(500, { version: 'v1' }), { version: 'v2' }], { v1: 1, v2: 0 }),
    [['zero-weight-answered', /^"v2" has weight 0 but answered 1 request\./]],
  ],
  [
    'a version that never answers',
    resultOf(times(500, { version: 'v1' }), weights),
    [['version-never-answered', /^"v2" never answered, though 10 % was expected/]],
  ],
  [
    'a version that fails',
    resultOf(
      kept.map((row) => (row.version === 'v2' ? { ...row, status: 500 } : row)),
      weights,
    ),
    [['version-mostly-5xx', /^"v2" answered 100 % of its requests with a 5xx status/]],
  ],
  [
    'a breaker and no healthy upstream',
    resultOf([...kept, ...gateway(3, 'overflow'), ...gateway(2, 'no-healthy-upstream')], weights),
    [
      ['unattributed', /^5 responses/],
      ['overflow', /refused 3 requests .*connectionPool.*; weighbridge limits finds where they begin\.$/],
      ['no-healthy-upstream', /came for 2 requests/],
    ],
  ],
  [
    'a breaker in the name of a version is not the version',
    resultOf([...kept, ...gateway(900, 'overflow').map((row) => ({ ...row, version: 'v2' }))], null),
    [['overflow', /^The gateway refused 900 requests \(48\.6 % of all\) .*: 900 requests for "v2"\. Fewer/]],
  ],
  [
    'a version that fails behind a breaker is judged by what reached it',
    resultOf(
      [
        ...kept.map((row) => (row.version === 'v2' ? { ...row, status: 500 } : row)),
        ...gateway(900, 'overflow').map((row) => ({ ...row, version: 'v2' })),
      ],
      null,
    ),
    [
      ['version-mostly-5xx', /^"v2" answered 100 % of the requests that reached it with a 5xx status/],
      ['overflow', /refused 900/],
    ],
  ],
  [
    'a backend that the gateway does not have, by its name',
    resultOf(
      [...kept, ...gateway(50, 'backend-ref-invalid', 500).map((row) => ({ ...row, version: 'v3' }))],
      null,
    ),
    [
      [
        'backend-unreachable',
        /^50 requests for "v3", got the gateway's own empty 500 or 503: it has no such backend/,
      ],
    ],
  ],
  [
    'a backend that the gateway does not have, and one version that never answered',
    resultOf([...times(900, { version: 'v1' }), ...gateway(100, 'backend-ref-invalid', 500)], weights),
    [
      [
        'version-never-answered',
        /^No response named "v2", though 10 % was expected; 100 responses named no version/,
      ],
      ['backend-unreachable', /may be the share of "v2", which never answered and has a weight of 10 %/],
    ],
  ],
  [
    'no answer from a backend',
    resultOf(
      [...kept, ...gateway(3, 'connection-termination'), ...gateway(2, 'upstream-timeout', 504)],
      null,
    ),
    [
      ['unattributed', /5 responses/],
      [
        'upstream-failure',
        /^The gateway got no answer .* for 5 requests \(connection-termination × 3 · upstream-timeout × 2\)/,
      ],
    ],
  ],
  [
    'what was cut off',
    resultOf([...kept, ...times(2, { outcome: 'cut-off', status: 0, origin: 'unknown' })], weights),
    [['cut-off', /^2 requests were due and found no free connection/]],
  ],
  [
    'a generator that fell behind says by how much',
    resultOf(kept, weights, { load: { ...open, lateness } }),
    [
      [
        'generator-late',
        /^This machine, not the gateway, was late: .* by 0\.12 ms on average, 0\.09 ms in p99, 70 ms at most, while the p50 of latency is .* ms\. .*\(serviceTimeUs\)/,
      ],
    ],
  ],
  [
    'a generator whose p99 of lateness is more than a tenth of the p50 of latency says so, however short both are',
    resultOf(kept, weights, {
      load: {
        ...open,
        lateness: { ...lateness, generatorMaxUs: 900, percentilesUs: { '50': 5, '99': 501 } },
      },
    }),
    [['generator-late', /0\.501 ms in p99, 0\.9 ms at most/]],
  ],
  [
    'of too few requests for a p99 the mean counts, and a single late one does not',
    resultOf(kept, weights, {
      load: {
        ...open,
        lateness: { ...lateness, generatorMaxUs: 900, percentilesUs: { '50': 5, '99': null } },
      },
    }),
    [],
  ],
  [
    'up to a tenth it is on time',
    resultOf(kept, weights, {
      load: { ...open, lateness: { ...lateness, generatorMaxUs: 900, percentilesUs: { '50': 5, '99': 90 } } },
    }),
    [],
  ],
  [
    'of a run that an older version saved only the mean is known',
    resultOf(kept, weights, {
      load: { ...open, lateness: { ...lateness, generatorMeanUs: 5_000, percentilesUs: null } },
    }),
    [['generator-late', /by 5 ms on average, 70 ms at most/]],
  ],
  [
    "requests that waited for a connection are not called the generator's lateness",
    resultOf(kept, weights, {
      load: {
        ...open,
        lateness: { ...lateness, sentLate: 0, generatorMaxUs: 900, waited: 80, waitMaxUs: 95_000 },
      },
    }),
    [['waited-for-connection', /^80 requests waited for up to 95 ms/]],
  ],
  [
    'a generator that was on time says nothing',
    resultOf(kept, weights, { load: { ...open, lateness: { ...lateness, generatorMaxUs: 900 } } }),
    [],
  ],
  [
    'more versions than the timeline has rows for',
    resultOf(
      Array.from({ length: 40 }, (_, i) => ({ version: `v${i}` })),
      null,
    ),
    [['timeline-bounded', /16 versions/]],
  ],
];

for (const [what, result, notes] of cases) {
  test(what, () => {
    // The rows of a version come one after the other.
    const said = result.notes.filter(({ code }) => code !== 'versions-in-bursts');
    assert.deepEqual(
      said.map(({ code }) => code),
      notes.map(([code]) => code),
    );
    notes.forEach(([, text], i) => {
      assert.match(said[i]?.text ?? '', text);
    });
  });
}

test("the caller's notes come first", () => {
  const notes = [{ code: 'rule-selected', text: 'HTTPRoute backend-route' } as const];
  const result = resultOf([...kept, ...times(5, {})], weights, { notes });
  assert.deepEqual(
    result.notes.map(({ code }) => code),
    ['rule-selected', 'unattributed'],
  );
});

test('a label in a remark is quoted and short', () => {
  const result = resultOf([...kept, { version: `\u001b[31m${'x'.repeat(300)}` }], weights);
  assert.match(result.notes[0]?.text ?? '', /^"\\u001b\[31mx{34}…" answered/);
});
