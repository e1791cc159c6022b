import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { RunResult } from '../../src/analysis/result.js';
import { jsonReport } from '../../src/report/json.js';
import { type Row, runInfo } from '../support/blocks.js';
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
      lateness: { sentLate: 0, generatorMaxUs: 0, generatorMeanUs: 0, waited: 4, waitMaxUs: 12.5 },
    },
    notes: [{ code: 'route', text: 'HTTPRoute istio-test/backend-route, rule 0' }],
  }),
};

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
  names(result.versions[0].latencyUs, 'count min mean max percentiles histogram');
  names(result.versions[0].latencyUs.percentiles, '50 90 95 99 99.9');
  names(result.versions[0].endpoints[0], 'endpoint requests statuses');
  names(result.unattributed, 'requests statuses kinds');
  names(result.timeline[0], 'startMs version requests statuses p50Us p99Us');
  names(result.split, 'verdict intervalConfidence');
  names(result.checks[0], 'name verdict figure bound interval');
  names(result.notes[0], 'code text');
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
