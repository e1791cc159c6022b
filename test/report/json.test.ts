import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { RunResult } from '../../src/analysis/result.js';
import { jsonReport, jsonText } from '../../src/report/json.js';
import { type Row, runInfo } from '../support/blocks.js';
import {
  ejected,
  episodeOf,
  gatewayWindowOf,
  ruleOf,
  triggerOf,
  windowOf,
  withEjections,
} from '../support/ejections.js';
import { answers, everyday, resultOf } from '../support/results.js';

// Tests run from the package's root.
const schema = JSON.parse(readFileSync(join('docs', 'result.schema.json'), 'utf8'));
const validate = new Ajv2020({
  allErrors: true,
  strict: true,
  strictRequired: false,
  allowUnionTypes: true,
}).compile(schema);

function check(value: unknown): void {
  assert.ok(validate(value), JSON.stringify(validate.errors, null, 2));
}

const load = runInfo(0).load;
const results: Record<string, RunResult> = {
  everyday: everyday(),
  'nothing to judge': everyday(null),
  'nothing at all': resultOf([], { v1: 1, v2: 1 }),
  'no versions': resultOf(Array(5).fill({}), null),
  'all failed': resultOf(Array(5).fill({ outcome: 'refused', status: 0, origin: 'unknown' }), {
    v1: 1,
    v2: 1,
  }),
  'a version that never answers': resultOf(answers(500, { v1: 1 }), { v1: 90, v2: 10 }),
  'an unexpected version': resultOf(answers(500, { v1: 0.5, v3: 0.5 }), { v1: 90, v2: 10 }),
  'only gateway replies': resultOf(
    Array.from(
      { length: 5 },
      (): Row => ({ status: 500, outcome: 'backend-ref-invalid', origin: 'gateway' }),
    ),
    { v1: 1, v2: 1 },
  ),
  'open loop, interrupted, over TLS': resultOf(answers(500, { v1: 0.9, v2: 0.1 }), null, {
    ended: 'interrupted',
    target: {
      ...runInfo(0).target,
      sni: 'test.devopscube.com',
      tlsVerified: false,
      addresses: ['unix:/run/gw'],
    },
    load: {
      ...load,
      mode: 'open',
      ratePerSecond: 0.5,
      arrival: 'uniform',
      maxInFlight: 10,
      requests: 500,
      plannedDurationMs: null,
      requestsPerConnection: 2,
      lateness: {
        sentLate: 0,
        generatorMaxUs: 40,
        generatorMeanUs: 30,
        percentilesUs: { '50': 20, '90': 40, '95': 40, '99': 40, '99.9': null },
        buckets: [
          { us: 20, requests: 1 },
          { us: 40, requests: 1 },
        ],
        waited: 4,
        waitMaxUs: 12.5,
      },
    },
    notes: [{ code: 'rule-selected', text: 'HTTPRoute istio-test/backend-route, rule 0' }],
  }),
};

/** Every kind there is, and every null. */
results['ejections of every kind'] = withEjections({
  windows: [
    windowOf(),
    windowOf({
      kind: 'silent',
      startMs: null,
      startBoundsMs: [null, 31.25],
      endMs: null,
      endBoundsMs: [9_000, null],
      durationMs: null,
      trigger: null,
      leaked: null,
      leakedForMs: null,
      expectedDurationMs: null,
      verdict: null,
      fraction: 0.5,
    }),
    windowOf({ kind: 'left' }),
    windowOf({
      kind: 'joined',
      source: 'client+gateway',
      verdict: 'inconclusive',
      trigger: triggerOf({ endpointKnown: false }),
    }),
  ],
  episodes: (
    ['5xx', 'no-healthy-upstream', 'overflow', 'connection-failure', 'moved', 'unanswered'] as const
  ).map((kind) =>
    episodeOf({ kind, endMs: null, share: null, serviceTimeUs: { before: null, after: null }, requests: 0 }),
  ),
  visibility: [
    { version: 'v1', endpoints: 0, withoutEndpoint: 3, shortestMs: null, ratePerSecondNeeded: 812.5 },
  ],
  rules: [
    ruleOf({
      consecutiveLocalOriginFailures: 4,
      checks: (
        ['trigger', 'duration', 'max-ejection-percent', 'gateway-errors', 'local-origin'] as const
      ).map((name) => ({ name, verdict: 'fail', figure: null, bound: [null, null], text: '' })),
    }),
  ],
  timeline: { sliceMs: 100, rows: [{ version: 'v1', endpoint: '10.0.0.1', slices: ' .x_' }] },
  remarks: ['3 requests came too late.'],
  gateway: {
    windows: [
      gatewayWindowOf({
        endpoint: null,
        ejectedMs: null,
        unejectedMs: null,
        from: 'admin',
        window: null,
        differenceMs: { start: null, end: null },
      }),
    ],
    clockOffsetMs: null,
    unknownAfterMs: 9_000,
    counters: null,
    remarks: ['The log is empty.'],
  },
});
results['ejections judged'] = ejected();

for (const [name, result] of Object.entries(results)) {
  test(`keeps to the schema: ${name}`, () => {
    const parsed = JSON.parse(jsonReport(result));
    check(parsed);
    assert.deepEqual(parsed, result, 'and nothing is lost or turned into null on the way');
  });
}

test('the schema refuses what is not a result', () => {
  const broken = (change: (result: RunResult & Record<string, unknown>) => void) => {
    const copy = structuredClone(everyday()) as RunResult & Record<string, unknown>;
    change(copy);
    return validate(copy);
  };
  assert.equal(
    broken(() => {}),
    true,
  );
  assert.equal(
    broken((r) => {
      r.extra = 1;
    }),
    false,
  );
  assert.equal(
    broken((r) => {
      r.requests.scheduled = -1;
    }),
    false,
  );
  assert.equal(
    broken((r) => {
      r.verdict = 'maybe' as 'pass';
    }),
    false,
  );
  assert.equal(
    broken((r) => {
      (r.versions[0] as { share: number }).share = 90;
    }),
    false,
  );
  assert.equal(
    broken((r) => {
      (r as Partial<RunResult>).timeline = undefined as never;
      delete (r as Partial<RunResult>).timeline;
    }),
    false,
  );
});

test('the schema refuses what is no ejection', () => {
  const changes: ((result: RunResult) => void)[] = [
    (r) => {
      delete (r as Partial<RunResult>).ejections;
    },
    (r) => {
      Object.assign(r.ejections?.windows[0] ?? {}, { kind: 'evicted' });
    },
    (r) => {
      Object.assign(r.ejections?.windows[0] ?? {}, { startBoundsMs: [1] });
    },
    (r) => {
      // Only its beginning may be before the run.
      Object.assign(r.ejections?.windows[0] ?? {}, { endBoundsMs: [null, 1] });
    },
    (r) => {
      Object.assign(r.ejections?.windows[0] ?? {}, { fraction: 0 });
    },
    (r) => {
      Object.assign(r.ejections?.rules[0]?.checks[0] ?? {}, { name: 'other' });
    },
    (r) => {
      Object.assign(r.ejections?.timeline.rows[0] ?? {}, { slices: 'o' });
    },
    (r) => {
      Object.assign(r.ejections?.episodes[0] ?? {}, { share: 50 });
    },
    (r) => {
      Object.assign(r.ejections?.gateway?.windows[0] ?? {}, { window: -1 });
    },
  ];
  assert.equal(validate(ejected()), true);
  changes.forEach((change, i) => {
    const copy = structuredClone(ejected());
    change(copy);
    assert.equal(validate(copy), false, `change ${i}`);
  });
});

test('the names that others rely on', () => {
  const result = JSON.parse(jsonReport(results['an unexpected version'] as RunResult));
  const names = (value: object, expected: string) => {
    for (const name of expected.split(' ')) assert.ok(name in value, `${name} in ${Object.keys(value)}`);
  };
  names(
    result,
    'schemaVersion startedAt durationMs target load requests requestsPerSecond versions unattributed failures ' +
      'timeline split verdict checks notes',
  );
  names(result.target, 'url addresses host sni protocol tlsVerified');
  names(result.load, 'mode connections ratePerSecond threads');
  names(result.requests, 'scheduled attributed unattributed failed cutOff preflight settle warmup');
  names(
    result.versions[0],
    'version labels expectedShare requests share deviationPoints shareInterval statuses latencyUs serviceTimeUs endpoints',
  );
  names(result.versions[0].latencyUs, 'count min mean max percentiles buckets histogram');
  names(result.versions[0].latencyUs.percentiles, '50 90 95 99 99.9');
  names(result.versions[0].endpoints[0], 'endpoint requests statuses');
  names(result.unattributed, 'requests statuses kinds');
  names(result.timeline[0], 'startMs version requests share statuses errors p50Us p99Us maxUs');
  names(result.split, 'verdict intervalConfidence');
  names(result.checks[0], 'name verdict figure bound interval');
  names(result.notes[0], 'code text');
  const { ejections } = JSON.parse(jsonReport(ejected()));
  names(ejections, 'windows episodes visibility rules timeline gateway');
  names(
    ejections.windows[0],
    'version endpoint startMs startBoundsMs endMs endBoundsMs durationMs trigger leaked sequence expectedDurationMs ' +
      'verdict source',
  );
  names(ejections.windows[0].trigger, 'consecutive firstErrorMs');
  assert.match(result.startedAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  assert.deepEqual([result.verdict, result.schemaVersion], ['fail', 1]);
});

test('labels from the network cannot speak to a terminal through --json -', () => {
  const label = 'v1\u001b[2J\u009b31m\u202E\u{E0041}\u007f';
  const result = resultOf(answers(20, { [label]: 1 }), null);
  const text = jsonReport(result);
  assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\p{Cf}]/u);
  assert.equal(JSON.parse(text).versions[0].version, label);
});

test('a list of numbers takes one line, and texts stay as they are', () => {
  const data = { a: [1, -2.5e-7, 3], b: [[1, 2], [3]], c: ['[\n  1,\n  2\n]'], d: [], e: [null, 1] };
  const text = jsonText(data);
  assert.deepEqual(JSON.parse(text), data);
  assert.match(text, /^ {2}"a": \[1, -2\.5e-7, 3\],$/m);
  assert.match(text, /^ {4}\[1, 2\],$/m);
});
