import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { liveView } from '../../../src/report/live/index.js';
import type { LivePicture } from '../../../src/report/live/picture.js';
import { windowOf } from '../../support/ejections.js';
import { everydayPicture, pictureOf } from '../../support/live-picture.js';
import { answers } from '../../support/results.js';

const linesOf = (picture: LivePicture, columns: number, rows = 40) =>
  liveView(picture, { columns, rows }, false);
const shown = (picture: LivePicture, columns: number, rows?: number) =>
  `\n${linesOf(picture, columns, rows).join('\n')}\n`;

test('120 columns: shares, requests, errors and latency of a version in one row', () => {
  assert.equal(
    shown(everydayPicture(), 120),
    `
GET http://127.0.0.1:8080/ · Host shop.example.com
10 s of 20 s · 10 s left  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━──────────────────────────────
400/s, target 400/s · 4,002 requests · 1 failed

So far  split within tolerance · errors not decided (v2 needs about 520 requests)
        The verdict comes at the end. If you stop the run because of what you see here, it is less sure.

Version  exp. %  share %  expected ± 2 points    requests  errors      p50  last 10 s             p99  last 10 s
v1        90.00    89.90       ├──━━●━━──┤          3,597     0 %  1.40 ms  ▃▃▄▄▃▃▄▃▄▃▃▃▄     37.7 ms
v2        10.00    10.10       ├──━━●━━──┤            404  0.25 %  1.48 ms  ▅▃▃█▃▃▃▃▃▃▇▂▇     38.0 ms

Errors  500 × 1 · timeout × 1

├──┼──┤ expected share and tolerance   ━●━ share so far and its 90 % interval if the run ended now
`,
  );
});

test('60 columns: two tables', () => {
  assert.equal(
    shown(everydayPicture(), 60),
    `
GET http://127.0.0.1:8080/ · Host shop.example.com
10 s of 20 s · 10 s left  ━━━━━━━━━━━━━━━━━────────────────
400/s, target 400/s · 4,002 requests · 1 failed

So far  split within tolerance
        errors not decided (v2 needs about 520 requests)
        The verdict comes at the end. If you stop the run
        because of what you see here, it is less sure.

Split  exp. %  share %  expected ± 2 points        errors
v1      90.00    89.90        ├──━━━●━━───┤           0 %
v2      10.00    10.10        ├───━━●━━━──┤        0.25 %

Latency      p50  last 10 s         p99  last 10 s
v1       1.40 ms  ▃▄▄▃▃▄▃▄▃▃▃▄  37.7 ms
v2       1.48 ms  ▃▃█▃▃▃▃▃▃▇▂▇  38.0 ms

Errors  500 × 1 · timeout × 1

├──┼──┤ expected share and tolerance
━●━ share so far and its 90 % interval if the run ended now
`,
  );
});

test('40 columns: the bars stay, what they show in figures goes', () => {
  assert.equal(
    shown(everydayPicture(), 40),
    `
GET http://127.0.0.…st shop.example.com
10 s of 20 s · 10 s left  ━━━━━━━──────
400/s, target 400/s · 4,002 requests
1 failed

split within tolerance
errors not decided
The verdict comes at the end. If you
stop the run because of what you see
here, it is less sure.

Split  share %  expected ± 2 points
v1       89.90       ├──━━●━━──┤
v2       10.10       ├──━━●━━──┤

Latency      p50      p99
v1       1.40 ms  37.7 ms
v2       1.48 ms  38.0 ms

Errors  500 × 1 · timeout × 1

├──┼──┤ expected share and tolerance
━●━ share so far and its 90 % interval
if the run ended now
`,
  );
});

test('20 columns: figures only', () => {
  assert.equal(
    shown(everydayPicture(), 20),
    `
GET http:…ample.com
10 s · 10 s left
400/s, target 400/s
4,002 requests
1 failed

split wit…tolerance
errors not decided
The verdict comes
at the end. If you
stop the run
because of what you
see here, it is
less sure.

Split  share %
v1       89.90
v2       10.10

Latency      p99
v1       37.7 ms
v2       38.0 ms

Errors  500 × 1 ·
timeout × 1
`,
  );
});

test('ten rows: what matters least is left out, and the cursor has a row', () => {
  assert.equal(
    shown(everydayPicture(), 80, 10),
    `
10 s of 20 s · 10 s left  ━━━━━━━━━━━━━━━━━━━━━━━━━━━──────────────────────────
400/s, target 400/s · 4,002 requests · 1 failed
So far  split within tolerance
        errors not decided (v2 needs about 520 requests)
Split  exp. %  share %  expected ± 2 points                    requests  errors
v1      90.00    89.90           ├────━━━━●━━━─────┤              3,597     0 %
v2      10.00    10.10           ├─────━━━●━━━━────┤                404  0.25 %
Errors  500 × 1 · timeout × 1
`,
  );
  assert.deepEqual(linesOf(everydayPicture(), 80, 1), [
    `10 s of 20 s · 10 s left  ${'━'.repeat(27)}${'─'.repeat(26)}`,
  ]);
});

test('a version that gets too much, and is slow and failing, is red wherever that is shown', () => {
  const rows = answers(4000, { v1: 0.8, v2: 0.2 }).map((row) =>
    row.version === 'v1' ? row : { ...row, status: 503, endUs: (row.sendUs ?? 0) + 400_000 },
  );
  const judge = { maxLatency: [{ version: null, percentile: 99, ms: 100 }] };
  const picture = pictureOf(rows, { v1: 90, v2: 10 }, { judge });
  const text = liveView(picture, { columns: 120, rows: 40 }, true).join('\n');
  const red = [...text.matchAll(/\u001b\[1;31m([^\u001b]*)/g)].map(([, words]) => words);
  assert.deepEqual(red.slice(0, 3), ['split outside tolerance', 'errors above limit', 'latency above limit']);
  for (const wanted of ['19.98', '100 %', '400 ms']) assert.ok(red.includes(wanted), `${wanted}: ${red}`);
  assert.ok(red.includes('>'), 'the share lies beyond the bar');
  assert.doesNotMatch(text, /FAIL|PASS/);
});

test('until the verdict: the run ends by itself, and its intervals hold at any look', () => {
  const context = { untilVerdict: { workers: 1, inFlight: 1, renews: false, ordered: true } };
  const goal = { untilVerdict: true, durationMs: null, ratePerSecond: null };
  const text = shown(everydayPicture({ context, goal }), 120);
  assert.match(text, /^10 s · until the verdict is known$/m);
  assert.match(text, /\(20 at once\)/);
  assert.match(text, /ends by itself when its verdict is known \(looked \d+ times so far\)/);
  assert.match(text, /90 % interval at any look/);
});

test('nothing is expected: shares as plain bars, and no word of a verdict', () => {
  const picture = pictureOf(answers(400, { v1: 0.75, v2: 0.25 }), null);
  const text = shown(picture, 80);
  assert.match(text, /nothing is judged: no shares are expected, and there are no limits/);
  assert.match(text, /^v1 +80\.00 {2}█+·+ /m);
  assert.doesNotMatch(text, /verdict comes|interval|├/);
});

test('no answer yet, a warm-up, and a run of a day', () => {
  const nothing = pictureOf([], { v1: 90, v2: 10 }, { elapsedMs: 0 });
  assert.match(shown(nothing, 60), /^So far {2}no answer yet$/m);
  assert.match(shown(nothing, 60), /^v1 +90\.00 +- /m);
  const warm = Array.from({ length: 9 }, () => ({ version: 'v1', phase: 'warmup' as const }));
  const goal = { warmup: true, durationMs: 86_400_000 };
  const day = shown(pictureOf(warm, { v1: 1 }, { goal, elapsedMs: 50_000_000 }), 60);
  assert.match(day, /^warm-up: 9 requests, not counted$/m);
  assert.match(day, /^13h53m of 24h00m · 10h06m left {2}━+─+$/m);
});

test('a number of requests, a ramp, requests without a version or without an end', () => {
  const rows = [
    ...answers(990, { v1: 1 }),
    { version: null },
    { version: null, outcome: 'refused' as const, status: 0 },
    { version: null, outcome: 'cut-off' as const, status: 0 },
  ];
  const goal = { requests: 2000, durationMs: null, rampMs: 60_000 };
  const text = shown(pictureOf(rows, { v1: 1 }, { goal }), 100);
  assert.match(
    text,
    /^99\/s, growing to 400\/s · 992 of 2,000 requests · version unknown: 1 · 1 failed · 1 unfinished$/m,
  );
  assert.match(text, /^10 s · 10 s left {2}━{30}─{30}$/m);
});

test('versions that must get nothing', () => {
  const rows = answers(400, { v1: 0.8, old: 0.1, stranger: 0.1 });
  const text = shown(pictureOf(rows, { v1: 100, old: 0 }), 100);
  assert.match(text, /^old +0\.00 .*must get nothing/m);
  assert.match(text, /^stranger +- .*not expected/m);
});

test('endpoints that are or were out of rotation', () => {
  const picture = everydayPicture();
  const windows = [
    windowOf({ startMs: 1000, startBoundsMs: [990, 1000], endMs: 3000, endBoundsMs: [2990, 3000] }),
    windowOf({ endpoint: 'pod-2', kind: 'left', endMs: null, endBoundsMs: [9000, null] }),
    windowOf(),
    windowOf({ endpoint: 'pod-3', kind: 'joined' }),
    windowOf({ endpoint: 'pod-4', startMs: null, startBoundsMs: [null, 0], fraction: 0.5 }),
  ];
  const soFar =
    picture.soFar === null ? null : { ...picture.soFar, ejections: { windows, earlier: 0, untilMs: 50_000 } };
  assert.deepEqual(linesOf({ ...picture, soFar }, 100).slice(-6, -2), [
    'Out of rotation (known up to 50 s)',
    'backend-v2 / pod-2    left from 12.43 s, still out',
    'backend-v2 / pod-7c9  ejected from 12.43 s to 46.2 s, 2 times',
    'backend-v2 / pod-4    ejected in part (50 % of its traffic) to 46.2 s',
  ]);
});

test('64 versions with hostile labels: no line is wider or higher than the terminal, no control character, no width unknown', () => {
  const name = (i: number) => `\u001b[2J\u202e版本-👩‍🔬-${'x'.repeat(i)}-backend-${i}`;
  const weights = Object.fromEntries(Array.from({ length: 64 }, (_, i) => [name(i), i + 1]));
  const shares = Object.fromEntries(
    Object.entries(weights).map(([version, weight]) => [version, weight / 2080]),
  );
  const goal = {
    title: `GET http://x/\u001b[31m · Host 版本`,
    notes: [`a note ${'of some length '.repeat(9)}`],
  };
  const windows = Object.keys(weights).map((version) => windowOf({ version, endpoint: `${version}-pod` }));
  const base = pictureOf(answers(3000, shares), weights, { goal });
  const picture = {
    ...base,
    soFar: base.soFar && { ...base.soFar, ejections: { windows, earlier: 9, untilMs: 1000 } },
  };
  for (const columns of [1, 5, 20, 40, 60, 61, 101, 120, 300]) {
    for (const rows of [1, 5, 24, 200]) {
      const lines = liveView(picture, { columns, rows }, true);
      const plain = lines.map((line) => stripVTControlCharacters(line));
      assert.ok(lines.length >= 1 && lines.length <= Math.max(1, rows - 1), `${lines.length} of ${rows}`);
      for (const line of plain) {
        assert.ok(columns === 1 || stringWidth(line) < columns, `${columns}: ${line}`);
        assert.doesNotMatch(line, /[\u0000-\u001f\u007f-\u009f\u202e]/);
      }
      assert.deepEqual(plain, linesOf(picture, columns, rows), 'colours change nothing else');
    }
  }
  assert.match(shown(picture, 120, 50), /and 47 more versions/);
});

test('a version that answers errors is shown where not all have room, though nothing judges it', () => {
  const names = Array.from({ length: 12 }, (_, i) => `v${i + 1}`);
  const rows = [
    ...answers(1200, Object.fromEntries(names.map((name) => [name, 1 / 12]))),
    ...answers(100, { v9: 1 }).map((row) => ({ ...row, status: 503 })),
  ];
  const text = shown(pictureOf(rows, null), 80, 24);
  assert.match(text, /and \d more versions/);
  assert.match(text, /^v9 .* [1-9]\d %$/m);
});
