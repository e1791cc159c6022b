import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { RunResult } from '../../../../src/analysis/result.js';
import { htmlReport } from '../../../../src/report/html/run/index.js';
import { plotData, plotsIn, wordsIn } from '../../../support/html-page.js';
import { answers, everyday, resultOf } from '../../../support/results.js';

const MAX_BYTES = 600 * 1024;

test('the answer comes first, then what was asked, with the words of the table', () => {
  const page = htmlReport(everyday());
  const text = wordsIn(page);
  assert.match(text, /FAIL|PASS|INCONCLUSIVE/);
  const places = ['id="answer"', 'id="asked"', 'id="checks"', 'id="plots"', 'id="configuration"'].map((id) =>
    page.indexOf(id),
  );
  assert.ok(
    places.every((place, i) => place > (places[i - 1] ?? 0)),
    places.join(),
  );
  assert.match(text, /each within ± 2 points/);
});

test('the policy allows the script and the style of the page and nothing else', () => {
  const page = htmlReport(everyday());
  const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
  const [, script = ''] = /<script>([\s\S]*?)<\/script>/.exec(page) ?? [];
  assert.equal(
    policy,
    `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; base-uri 'none'; form-action 'none'`,
  );
  assert.ok(page.indexOf('Content-Security-Policy') < page.indexOf('<style>'));
  const markup = page.replaceAll(style, '').replaceAll(script, '');
  assert.equal(/\sstyle=|\son[a-z]+=|<link|<img|<iframe|https?:\/\/(?!203\.)/.exec(markup), null);
  // The licence of uPlot goes wherever its code goes.
  assert.ok(/Copyright \(c\) \d{4} Leon Sorokin/.test(script));
});

const HOSTILE = [
  '</script><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  '\u001b]0;title\u0007\u202e=HYPERLINK("x")',
  'ש'.repeat(300),
  "'; DROP TABLE versions; --",
];

test('labels with markup, escapes and right-to-left text make no markup', () => {
  const rows = answers(3_000, Object.fromEntries(HOSTILE.map((name) => [name, 1 / HOSTILE.length]))).map(
    (row) => ({
      ...row,
      endpoint: row.version ?? null,
    }),
  );
  const page = htmlReport(resultOf(rows, { '<b>v1</b>': 50, [HOSTILE[0] as string]: 50 }));
  assert.equal(page.match(/<script/g)?.length, 2);
  const markup = page.replace(/<script>[\s\S]*?<\/script>/, '');
  assert.equal(/<(img|b|svg onload)\b/.exec(markup), null);
  assert.equal(/[\u202e\u001b\u0007]/.exec(page), null);
  const json = plotData(page);
  assert.ok(Array.isArray(JSON.parse(json)));
  assert.ok(!json.includes('<'));
});

test('10,000 endpoints and 64 versions stay below 600 KB, and what is left out is said', () => {
  const names = Array.from({ length: 64 }, (_, i) => `${'version-with-a-long-name-'.repeat(9)}${i}`);
  const rows = answers(20_000, Object.fromEntries(names.map((name) => [name, 1 / 64]))).map((row, i) => ({
    ...row,
    endpoint: `${'<&>'.repeat(60)}-${i % 10_000}`,
  }));
  const page = htmlReport(resultOf(rows, Object.fromEntries(names.map((name) => [name, 1]))));
  assert.ok(Buffer.byteLength(page) < MAX_BYTES, `${Buffer.byteLength(page)} bytes`);
  const text = wordsIn(page);
  assert.match(text, /The first 200 of [\d,]+ rows/);
  assert.match(text, /It shows 8 versions; 56 more are in the tables only/);
});

test('a run without a request, without an expectation, by another tool', () => {
  const none = htmlReport(resultOf([], { v1: 90, v2: 10 }));
  assert.match(wordsIn(none), /0 requests in 0 ms/);
  assert.equal(/NaN|undefined|Infinity/.exec(wordsIn(none)), null);
  const unjudged = htmlReport(resultOf(answers(2_000, { v1: 0.5, v2: 0.5 }), null));
  assert.match(wordsIn(unjudged), /NOT JUDGED Nothing was expected, so there is no verdict/);
  const base = everyday();
  const imported: RunResult = { ...base, load: { ...base.load, mode: 'unknown' } };
  assert.match(wordsIn(htmlReport(imported)), /not known: another tool sent it/);
});

test('the command line can be copied, and where there is none this is said', () => {
  const result = everyday();
  const command = "weighbridge run 'http://a/?q=<b>' -H 'Authorization: (secret)'";
  const page = htmlReport({ ...result, tool: { version: '9.9.9', command } });
  assert.ok(page.includes('<button type="button" data-copy="command" hidden>'));
  assert.match(wordsIn(page), /Secret values are not in it/);
  assert.match(wordsIn(page), /Made by weighbridge 9\.9\.9/);
  const library = htmlReport({ ...result, tool: { version: '9.9.9', command: null } });
  assert.ok(!library.includes('<button'));
  assert.match(wordsIn(library), /There is no command line to copy/);
});

test('the share over time has the thin line, the running share with its interval, and what is allowed', () => {
  const result = everyday();
  const plots = plotsIn(htmlReport(result));
  const share = plots.find(({ id }) => id === 'share-1');
  const last = result.runningShares.findLast(({ version }) => version === 'backend-v2');
  assert.equal(share?.series[1]?.values.at(-1), last?.share);
  assert.deepEqual(
    [share?.series[1]?.interval?.low.at(-1), share?.series[1]?.interval?.high.at(-1)],
    last?.shareInterval,
  );
  const [band] = share?.bands ?? [];
  const bounds = result.versions.find(({ version }) => version === 'backend-v2')?.shareBounds;
  assert.deepEqual([band?.low, band?.high], bounds);
  // The interval of the first requests is as wide as can be, and would leave no room for the rest.
  assert.ok((share?.y.to ?? 1) < 0.6);
});

test('errors over time add up to those of the run, by kind', () => {
  const result = everyday();
  const errors = plotsIn(htmlReport(result)).find(({ id }) => id === 'errors-over-time');
  const totals = errors?.series.map(({ label, values }) => [
    label,
    values.reduce<number>((sum, n) => sum + (n ?? 0), 0),
  ]);
  assert.deepEqual(Object.fromEntries(totals ?? []), result.errors.kinds);
});

test('each plot has a summary above it and a table behind it; tables have captions and heads', () => {
  const page = htmlReport(everyday());
  const plots = plotsIn(page);
  assert.ok(plots.length >= 4, String(plots.length));
  assert.equal(page.match(/<details><summary>Table: /g)?.length, plots.length);
  for (const { id } of plots) assert.ok(page.includes(`id="${id}" role="img" tabindex="0" aria-label="`), id);
  for (const [table] of page.matchAll(/<table[\s\S]*?<\/table>/g)) {
    assert.ok(/<caption>[^<]+<\/caption>/.test(table) && table.includes('<th scope="col"'));
  }
  const levels = [...page.matchAll(/<h(\d)[ >]/g)].map(([, level]) => Number(level));
  assert.ok(
    levels.every((level, i) => i === 0 || level <= (levels[i - 1] ?? 0) + 1),
    levels.join(),
  );
});
