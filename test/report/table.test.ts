import assert from 'node:assert/strict';
import { test } from 'node:test';
import stringWidth from 'string-width';
import type { Finding } from '../../src/analysis/findings/finding.js';
import type { RunResult } from '../../src/analysis/result.js';
import { samplesForUpperBound } from '../../src/analysis/stats/quantile-bounds.js';
import { tableReport } from '../../src/report/table.js';
import { type Row, runInfo } from '../support/blocks.js';
import { answers, everyday, resultOf } from '../support/results.js';

const render = (result: RunResult, columns = 80, color = false) => tableReport(result, { columns, color });

const many = (n: number, name: (i: number) => string) => {
  const share = Object.fromEntries(Array.from({ length: n }, (_, i) => [name(i), 1 / n]));
  return resultOf(answers(2000, share), share);
};

const openLoad = {
  ...runInfo(0).load,
  mode: 'open' as const,
  ratePerSecond: 1000,
  arrival: 'poisson' as const,
  maxInFlight: 256,
  lateness: {
    sentLate: 3,
    generatorMaxUs: 80_000,
    generatorMeanUs: 20,
    percentilesUs: { '50': 12, '90': 19, '95': 22, '99': 140, '99.9': 2100 },
    buckets: [{ us: 12, requests: 500 }],
    waited: 0,
    waitMaxUs: 0,
  },
};

/** 2,000,000,000 requests have wide figures in every column. */
function huge(): RunResult {
  const result = everyday();
  for (const version of result.versions) version.requests = 2_000_000_000;
  result.requests.scheduled = 4_000_000_000;
  return result;
}

/** Answers of `n` addresses, and refusals of one more. */
function addressed(n: number, name = (i: number) => `203.0.113.${i}:80`): RunResult {
  const rows = answers(600, { 'backend-v1': 0.9, 'backend-v2': 0.1 }).map(
    (row, i): Row => ({ ...row, address: name(i % n) }),
  );
  const refused: Row = { address: name(n), outcome: 'refused', status: 0, origin: 'unknown' };
  return resultOf([...rows, refused, refused, { address: name(0) }], { 'backend-v1': 90, 'backend-v2': 10 });
}

const results: Record<string, RunResult> = {
  'two addresses': addressed(2),
  'forty addresses with long names': addressed(40, (i) => `unix:/run/${'long/'.repeat(30)}${i}.sock`),
  everyday: everyday(),
  'nothing to judge': everyday(null),
  'open loop': resultOf(answers(500, { v1: 0.8, v2: 0.2 }), { v1: 9, v2: 1 }, { load: openLoad }),
  'twenty versions': many(20, (i) => `backend-v${i}`),
  'sixty versions with long names': many(60, (i) => `${'a-rather-long-name-'.repeat(8)}v${i}`),
  'wide characters': many(4, (i) => `${'版本'.repeat(i * 9 + 1)}-v${i}`),
  'hostile labels': many(4, (i) => `\u001b[31m${'👩‍👩‍👧e\u0301\u202E\n'.repeat(20)}${i}`),
  'characters that libraries measure differently': many(4, (i) => `${'\u{17000}\u{1F1E6}ก็'.repeat(12)}${i}`),
  'no answer at all': resultOf(Array(9).fill({ outcome: 'refused', status: 0, origin: 'unknown' }), {
    a: 1,
    b: 1,
  }),
  nothing: resultOf([], null),
  'huge figures': huge(),
  'a long URL': resultOf(answers(100, { v1: 1 }), null, {
    target: {
      ...runInfo(0).target,
      url: `https://example.com/${'path/'.repeat(60)}`,
      sni: 'x'.repeat(250),
      tlsVerified: false,
    },
  }),
  'many statuses': resultOf(
    Array.from({ length: 900 }, (_, i): Row => ({ version: 'v1', status: 100 + i, endpoint: `pod-${i}` })),
    null,
  ),
};

for (const [name, result] of Object.entries(results)) {
  test(`fits 60 to 200 columns, with and without colour: ${name}`, () => {
    for (const columns of [60, 61, 72, 75, 76, 80, 100, 120, 200]) {
      for (const color of columns === 60 || columns === 200 ? [false, true] : [false]) {
        const report = render(result, columns, color);
        assert.ok(report.endsWith('\n'));
        for (const line of report.split('\n')) {
          assert.ok(stringWidth(line) <= columns, `${stringWidth(line)} > ${columns}: ${line}`);
          assert.doesNotMatch(line, /\s$/u, 'no blanks at the end');
        }
        const bare = color ? report.replaceAll(/\u001b\[[\d;]*m/gu, '') : report;
        assert.doesNotMatch(bare, /[\p{Cf}\u0000-\u0009\u000b-\u001f\u007f-\u009f]/u);
      }
    }
  });
}

test('the first line is the summary', () => {
  const first = (result: RunResult, columns = 80) => render(result, columns).split('\n')[0];
  assert.deepEqual(render(everyday()).split('\n').slice(0, 3), [
    'PASS  backend-v2 got 9.92 % (10 % ± 2), errors below 1 %',
    '      8,005 requests in 10.0 s · 3 failed · 2 × 5xx · 799/s · version unknown: 1',
    '      Failed: refused × 1 · timeout × 1 · truncated × 1',
  ]);
  assert.deepEqual(render(everyday(), 60).split('\n').slice(0, 3), [
    'PASS  backend-v2 got 9.92 % (10 % ± 2), errors below 1 %',
    '      8,005 requests in 10.0 s · 3 failed · 2 × 5xx · 799/s',
    '      version unknown: 1',
  ]);
  assert.match(first(results['nothing to judge'] as RunResult) as string, /^8,005 requests/);
  const stopped = resultOf(answers(10, { v1: 1 }), null, { ended: 'interrupted' });
  assert.match(first(stopped) as string, /· interrupted · all answered ·/);
});

test('until the verdict, the summary says over how many requests it is, and heads say that intervals hold at any look', () => {
  const result = everyday();
  const split = { ...(result.split as NonNullable<RunResult['split']>), method: 'sequential' as const };
  const at = (requestsAtVerdict: number) =>
    render({ ...result, split: { ...split, requestsAtVerdict } }, 100);
  assert.match(at(7900), /\n +8,005 requests in 10\.0 s · verdict after 7,900 · 3 failed/);
  assert.doesNotMatch(at(8005), /verdict after/);
  assert.match(at(7900), /deviation pt +90 % at any look/);
});

test('a run that broke off is not called passed or complete in any line of the summary', () => {
  const kept = answers(10_000, { v1: 0.9, v2: 0.1 });
  const whole = render(resultOf(kept, { v1: 90, v2: 10 }), 100);
  assert.match(whole, /^PASS .*\n.* all answered /);
  const broken = render(resultOf(kept, { v1: 90, v2: 10 }, { ended: 'failed' }), 100);
  assert.match(
    broken,
    /^INCONCLUSIVE {2}the run broke off, so it cannot pass\n +10,000 requests in \S+ s · failed · [\d,]+\/s\n/,
  );
  assert.doesNotMatch(broken, /all answered|got 10|errors below/);
  const lost: Row = { outcome: 'cut-off', status: 0, origin: 'unknown' };
  assert.match(
    render(resultOf([...kept, lost], null, { ended: 'failed' }), 200),
    /1 request was unfinished when the run broke off: with a lost result, in flight, or due and not yet sent\./,
  );
});

test('the first line does not say that none failed beside 5xx, at any width', () => {
  const ok = answers(5000, { v1: 1 });
  const broken = resultOf([...ok, ...Array<Row>(12).fill({ version: 'v1', status: 503 })], null);
  assert.match(render(broken), /^5,012 requests in [\d.]+ s · all answered · 12 × 5xx · /);
  assert.match(render(broken, 60), /^5,012 requests in [\d.]+ s · all answered · 12 × 5xx/);
  const missing = resultOf([...ok, ...Array<Row>(7).fill({ version: 'v1', status: 404 })], null);
  assert.match(render(missing), /^5,007 requests in [\d.]+ s · all answered · 7 × 4xx · /);
  const gateways = resultOf([...ok, { status: 503, outcome: 'overflow', origin: 'gateway' }], null);
  assert.match(render(gateways, 100), /^5,001 requests in [\d.]+ s · 1 × 5xx · .*version unknown: 1\n/);
});

test('due and never sent is told apart from unfinished', () => {
  const never: Row = { outcome: 'not-sent', status: 0, origin: 'unknown', sendUs: Number.NaN };
  const inFlight: Row = { outcome: 'cut-off', status: 0, origin: 'unknown' };
  const rows = [...answers(100, { v1: 1 }), never, never];
  const completed = render(resultOf(rows, null));
  assert.match(completed, /^102 requests in \S+ \S+ · 2 not sent · \d/);
  assert.match(completed, /^not sent {7}2$/m);
  assert.match(completed, /2 requests were due and found no free connection before the end: never sent\./);
  // Of a run that was stopped, the result does not tell which of them were in flight.
  const stopped = render(resultOf([...rows, inFlight], null, { ended: 'interrupted' }));
  assert.match(stopped, /^103 requests in \S+ \S+ · interrupted · 3 unfinished · \d/);
  assert.match(stopped, /^unfinished {5}3$/m);
  assert.match(
    stopped,
    /3 requests were unfinished when the run was stopped: in flight, or due and not\s+yet sent\./,
  );
  assert.doesNotMatch(completed + stopped, /cut off|none failed|all answered/);
});

test('the everyday report at 80 columns', () => {
  const report = render(everyday());
  const lines = report.split('\n');
  const has = (line: string) => assert.ok(lines.includes(line), `${line}\n\n${report}`);
  has('PASS  backend-v2 got 9.92 % (10 % ± 2), errors below 1 %');
  has('Target   GET http://203.0.113.7/ at 203.0.113.7:80');
  has('         Host test.devopscube.com · SNI none · HTTP/1.1 · no TLS');
  has('Load     closed loop · 50 connections · 2 threads');
  has('Split            expected %  requests  share %  deviation pt  90 % interval');
  has('backend-v2            10.00       794     9.92         -0.08   9.38 – 10.51');
  has('version unknown                     1');
  has('Latency            p50      p90      p95      p99    p99.9      max');
  has('backend-v1       200 × 7,207 · broken: truncated × 1');
  has('version unknown  503 × 1 (overflow × 1)');
  has('failed           refused × 1 · timeout × 1 · truncated × 1');
  assert.ok(lines.some((line) => /^backend-v1 {5}10\.244\.10\.\d {7}2,\d{3} {2}200 × 2,\d{3}$/.test(line)));
  assert.ok(report.includes('\nNotes\n- '));
});

test('a failed split is named once, an undecided one with what would decide it', () => {
  const off = resultOf(answers(3000, { v1: 0.8, v2: 0.2 }), { v1: 90, v2: 10 });
  assert.match(render(off), /^FAIL {2}v2 got [\d.]+ %, at least .*\n {6}3,000 requests/);
  const few = resultOf(answers(100, { v1: 0.9, v2: 0.1 }), { v1: 90, v2: 10 });
  assert.match(
    render(few, 120),
    /^INCONCLUSIVE .*\n(.*\n)? +The split is not decided within ± 2 points: about [\d,]+ to [\d,]+ more requests/,
  );
  assert.match(
    render(results['no answer at all'] as RunResult, 100),
    /\n +- No response named its version, so there are no shares\. See --version-from\.\n/,
  );
});

test('open loop shows times from the due time and from sending', () => {
  const report = render(results['open loop'] as RunResult);
  assert.match(report, /^From due time {6}p50/m);
  assert.match(report, /^From sending {7}p50/m);
  assert.match(report, /open loop · 1,000\/s poisson · at most 256 in flight · 2 threads/);
  assert.match(
    report,
    /^Lateness p50 12 µs · p90 19 µs · p99 140 µs · max 80\.0 ms \(this machine's own\)$/m,
  );
  assert.match(report, /This machine, not the gateway, was late/);
});

test("the statuses of a version are its own; the gateway's replies in its name are told as such", () => {
  const refused = Array.from({ length: 300 }, () => ({
    version: 'v2',
    status: 503,
    outcome: 'overflow' as const,
    origin: 'gateway' as const,
  }));
  const report = render(resultOf([...answers(700, { v1: 0.5, v2: 0.5 }), ...refused], null));
  assert.match(report, /^v2 +200 × \d+ · by the gateway: overflow × 300$/m);
});

test('what clients got and how long backends took are two rows, if the gateway answered itself', () => {
  const rows = answers(800, { v1: 0.5, v2: 0.5 }).map((row) => ({
    ...row,
    endUs: (row.sendUs ?? 0) + 50_000,
  }));
  const refused = Array.from({ length: 9200 }, () => ({
    version: 'v2',
    status: 503,
    outcome: 'overflow' as const,
    origin: 'gateway' as const,
    endUs: 400,
  }));
  const report = render(resultOf([...rows, ...refused], { v1: 50, v2: 50 }));
  assert.match(report, /^all backends +50\.\d ms/m);
  assert.match(report, /^all answers +400 µs/m);
  assert.doesNotMatch(render(resultOf(rows, { v1: 50, v2: 50 })), /all backends/);
  const one = render(resultOf([{ version: 'v1', endUs: 50_000 }, ...refused.slice(1)], null));
  assert.match(one, /^all answers +400 µs/m);
  const none = render(resultOf(refused, { v1: 50, v2: 50 }));
  assert.match(none, /^Latency[^\n]*\nall answers +400 µs/m);
});

test('TLS that was not verified stands out', () => {
  assert.match(render(results['a long URL'] as RunResult), /TLS NOT VERIFIED\s+\(-k\)/);
});

test('colour only when asked for, on the verdict and what is outside the tolerance', () => {
  const off = resultOf(answers(3000, { v1: 0.8, v2: 0.2 }), { v1: 90, v2: 10 });
  assert.doesNotMatch(render(off), /\u001b/);
  const report = render(off, 80, true);
  const painted = [...report.matchAll(/\u001b\[1;3([123])m(.+?)\u001b\[22;39m/gu)].map(([, color, text]) => [
    color,
    text?.replaceAll(/\d+/g, '0'),
  ]);
  assert.deepEqual(painted, [
    ['1', 'FAIL'],
    ['1', '-0.0'],
    ['1', '+0.0'],
  ]);
  assert.equal(report.match(/\u001b/g)?.length, 6);
});

test('several addresses: responses by version, failures; one address needs no table', () => {
  const table = render(addressed(2), 100);
  assert.match(table, /^Addresses +requests {2}versions$/m);
  assert.match(
    table,
    /^203\.0\.113\.0:80 +301 {2}backend-v1 \d+ \(\d+\.\d\d %\) · backend-v2 \d+ \(\d+\.\d\d %\) · version unknown 1$/m,
  );
  assert.match(table, /^203\.0\.113\.2:80 +0 {2}failed: refused × 2$/m);
  assert.doesNotMatch(render(everyday()), /^Addresses/m);
  assert.match(render(addressed(40)), /^and 25 more addresses: see --json$/m);
});

test('of many addresses the target names four', () => {
  const addresses = Array.from({ length: 9 }, (_, i) => `10.0.0.${i}:80`);
  const result = resultOf(answers(10, { v1: 1 }), null, { target: { ...runInfo(0).target, addresses } });
  assert.match(
    render(result, 200),
    / at 10\.0\.0\.0:80, 10\.0\.0\.1:80, 10\.0\.0\.2:80, 10\.0\.0\.3:80 and 5 more$/m,
  );
});

test('HTTP/2: connections and streams, in both loops', () => {
  const { target, load } = runInfo(0);
  const h2 = { ...target, protocol: 'h2' };
  const closed = { ...load, connections: 10, streams: 4 };
  const report = render(resultOf(answers(10, { v1: 1 }), null, { target: h2, load: closed }), 100);
  assert.match(report, /SNI none · HTTP\/2 · no TLS/);
  assert.match(report, /closed loop · 10 connections × 4 streams · 2 threads/);
  const open = { ...closed, mode: 'open' as const, streams: 1, maxInFlight: 10, ratePerSecond: 5 };
  const other = render(resultOf(answers(10, { v1: 1 }), null, { target: h2, load: open }), 100);
  assert.match(other, /at most 10 in flight · 10 connections × 1 stream · 2 threads/);
});

test('a list in a note has a line for each item, and none that is taken for another note', () => {
  const result = everyday();
  const text = 'Rules were passed over:\n  1  shop/web: asks for x\n- 2  \u001b[31mshop/api';
  const lines = render({ ...result, notes: [{ code: 'rule-conditions', kind: 'warning', text }] }).split(
    '\n',
  );
  const at = lines.indexOf('- Rules were passed over:');
  assert.ok(at > 0);
  assert.match(lines[at + 1] ?? '', /^ {2,}1 {2}shop\/web: asks for x$/);
  assert.match(lines[at + 2] ?? '', /^ {2}- 2 .*shop\/api$/);
  assert.ok(!lines[at + 2]?.includes('\u001b'));
});

test('causes are directly below a verdict that is no pass; how expectations were derived is told on request', () => {
  const notes = [
    { code: 'rule-selected', kind: 'explanation', text: 'Rule 1 is the only one.' },
    {
      code: 'status-not-accepted',
      kind: 'cause',
      text: 'The gateway may not serve it:\n- Accepted is False',
    },
    { code: 'repeated-backend', kind: 'warning', text: 'A backend is there twice.' },
  ] as const;
  const passed = { ...everyday(), notes: [...notes] };
  assert.match(
    render(passed),
    /\nNotes\n- The gateway may not serve it:\n {2}- Accepted is False\n- A backend is there twice\.\n\nLeft out: 1 note on what was derived from where \(--explain shows it\)\.\n$/,
  );
  const failed = { ...passed, verdict: 'fail' as const };
  assert.match(
    render(failed),
    /^FAIL.*\n {6}- The gateway may not serve it:\n {8}- Accepted is False\n {6}8,005 requests/,
  );
  assert.match(render(failed), /\nNotes\n- A backend is there twice\.\n\nLeft out: 1 note/);
  const explained = tableReport(failed, { columns: 80, color: false, explain: true });
  assert.match(explained, /\nNotes\n- A backend.*\n\nDerived\n- Rule 1 is the only one\.\n$/);
});

test('many causes: the first are below the verdict, the others are notes', () => {
  const causes = Array.from({ length: 7 }, (_, i) => ({
    code: 'failure-sample' as const,
    kind: 'cause' as const,
    text: `Cause ${i}.`,
  }));
  const report = render({ ...everyday(), verdict: 'fail', notes: causes });
  assert.match(report, / {6}- Cause 4\.\n {6}8,005/);
  assert.match(report, /\nNotes\n- Cause 5\.\n- Cause 6\.\n$/);
});

test('versions are compared with the baseline by intervals, and a percentile of too few answers is not shown', () => {
  const rows = [
    ...Array.from({ length: 900 }, (_, i): Row => ({ version: 'v1', endUs: 1_000 + i })),
    ...Array.from({ length: 100 }, (_, i): Row => ({ version: 'v2', endUs: 2_000 + i })),
  ].map((row) => ({ dueUs: 0, sendUs: 0, ...row }));
  const report = render(resultOf(rows, { v1: 9, v2: 1 }), 100);
  assert.match(
    report,
    /\nCompared {2}v2 against v1 \(90 % intervals\) · slower in 9\d\.\d – 100\.0 % of pairs · p50 \+\S+ – \+\S+ µs\n {10}p90 \+\S+ – \+\S+ µs · p99 -\n/,
  );
  assert.match(report, /\nv2 .* - +- +2\.10 ms\n/);
  assert.match(report, /\n-: too few answers \(needed: p99 299, p99\.9 2,995\)\n/);
  assert.equal(samplesForUpperBound(0.99, 0.05), 299);
  assert.equal(samplesForUpperBound(0.999, 0.05), 2995);
  const faulty = [...rows, { ...rows[950], status: 500 }] as Row[];
  assert.match(render(resultOf(faulty, { v1: 9, v2: 1 })), /errors [+-][\d.]+ – \+[\d.]+ points\n/);
  assert.doesNotMatch(render(resultOf(answers(100, { v1: 1 }), null)), /Compared/);
});

test('a finding on the split is said once, with what to do, whatever the verdict', () => {
  const result = everyday();
  const text = 'The shares changed at about 5 s.';
  const finding = { kind: 'drift', text, advice: 'Run again.', p: 0.001 } as unknown as Finding;
  const found: RunResult = {
    ...result,
    split: { ...(result.split as NonNullable<RunResult['split']>), findings: [finding] },
    notes: [{ code: 'shares-changed', kind: 'cause', text: `${text} Run again.` }],
  };
  const report = render(found);
  assert.match(report, /^PASS .*\n {6}- The shares changed at about 5 s\. Run again\.\n/);
  assert.doesNotMatch(report, /Notes/);
});
