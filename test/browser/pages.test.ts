/** HTML reports in a real browser. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { limitsHtml } from '../../src/report/html/limits/index.js';
import { htmlReport } from '../../src/report/html/run/index.js';
import { browserForTests, launchBrowser, openPage } from '../support/browser.js';
import { ejected } from '../support/ejections.js';
import { plotsIn } from '../support/html-page.js';
import { foundKnee } from '../support/limits-results.js';
import { answers, everyday, resultOf } from '../support/results.js';

const TIMEOUT_MS = 60_000;
const folder = mkdtempSync(join(tmpdir(), 'weighbridge-pages-'));
const HOSTILE = [
  '</script><script>alert(1)</script>',
  '<img src=http://203.0.113.9/x onerror=alert(1)>',
  '\u202eevil',
];

const command = { version: '1.2.3', command: "weighbridge run 'http://203.0.113.7/' -n 100" };
const PAGES: Readonly<Record<string, () => string>> = {
  run: () => htmlReport({ ...everyday(), tool: command }),
  ejections: () => htmlReport({ ...ejected(), tool: command }),
  limits: () => limitsHtml({ ...foundKnee(), tool: command }),
  hostile: () => {
    const rows = answers(3_000, Object.fromEntries(HOSTILE.map((name) => [name, 1 / 3])));
    return htmlReport({ ...resultOf(rows, { '<b>v1</b>': 1 }), tool: command });
  },
};

let browser: Promise<Browser> | null = null;
after(async () => {
  await (await browser)?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Null: there is no browser. */
async function opened(t: TestContext, name: string, options?: BrowserContextOptions) {
  const found = await browserForTests(t, () => {
    browser ??= launchBrowser();
    return browser;
  });
  if (found === null) return null;
  const file = join(folder, `${name}.html`);
  const text = PAGES[name]?.() ?? '';
  writeFileSync(file, text);
  const watched = await openPage(found, file, options);
  t.after(() => watched.page.context().close());
  return { ...watched, text };
}

interface Drawn {
  readonly id: string;
  readonly marked: number;
  readonly sum: number;
}

/** For each plot, how many pixels of its canvas are drawn on, and their sum, which tells two drawings apart. */
function pixels(page: Page): Promise<Drawn[]> {
  return page.evaluate(`[...document.querySelectorAll('.plot')].map((plot) => {
    const canvas = plot.querySelector('canvas');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let [marked, sum] = [0, 0];
    for (let at = 0; at < data.length; at += 4) {
      if (data[at + 3] === 0) continue;
      marked += 1;
      sum += data[at] + data[at + 1] + data[at + 2];
    }
    return { id: plot.id, marked, sum };
  })`);
}

/** How much wider than its window the page is. */
function overflow(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

const BACK = `getComputedStyle(document.documentElement).getPropertyValue('--back').trim()`;

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** Serious and critical faults that axe-core finds. */
async function faults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<{ violations: Violation[] }>('axe.run()');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => {
      const places = nodes.slice(0, 3).map(({ html, failureSummary }) => `${html} ${failureSummary}`);
      return `${id}: ${places.join('; ')}`;
    });
}

for (const name of Object.keys(PAGES)) {
  test(`${name}: nothing is complained of, nothing is fetched, and each plot is drawn`, {
    timeout: TIMEOUT_MS,
  }, async (t) => {
    const watched = await opened(t, name);
    if (watched === null) return;
    const { page, complaints, text } = watched;
    const drawn = await pixels(page);
    assert.deepEqual(
      drawn.map(({ id }) => id),
      plotsIn(text).map(({ id }) => id),
    );
    for (const { id, marked } of drawn) assert.ok(marked > 2_000, `${id}: ${marked} pixels`);
    assert.equal(await overflow(page), 0);
    assert.deepEqual(complaints, []);
  });
}

// The pages of all kinds have the same parts: not each of them in every look.
const LOOKS: readonly (readonly [name: string, look: string, options: BrowserContextOptions])[] = [
  ['run', 'light', { colorScheme: 'light' }],
  ['run', 'dark', { colorScheme: 'dark' }],
  ['ejections', '375 px wide', { viewport: { width: 375, height: 700 } }],
  ['limits', 'dark, 375 px wide', { colorScheme: 'dark', viewport: { width: 375, height: 700 } }],
];
for (const [name, look, options] of LOOKS) {
  test(`${name}, ${look}: axe-core finds no serious fault, and the page does not scroll sideways`, {
    timeout: TIMEOUT_MS,
  }, async (t) => {
    const watched = await opened(t, name, options);
    if (watched === null) return;
    assert.equal(await overflow(watched.page), 0);
    assert.deepEqual(await faults(watched.page), []);
  });
}

test('plots are drawn anew when the theme changes', { timeout: TIMEOUT_MS }, async (t) => {
  const watched = await opened(t, 'run', { colorScheme: 'light' });
  if (watched === null) return;
  const { page } = watched;
  const light = await pixels(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.waitForFunction(`${BACK} !== '#ffffff' && ${BACK} !== '#fff'`);
  // uPlot draws in the next round.
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  const dark = await pixels(page);
  for (const [i, { id, sum }] of dark.entries()) assert.notEqual(sum, light[i]?.sum, id);
});

test('by keyboard: the skip link first, then plots with their figures, details and the button', {
  timeout: TIMEOUT_MS,
}, async (t) => {
  const watched = await opened(t, 'run');
  if (watched === null) return;
  const { page, complaints } = watched;
  const focused = () =>
    page.evaluate<string>(
      `((at) => at.tagName.toLowerCase() + '.' + at.className + '#' + at.id)(document.activeElement)`,
    );
  const seen: string[] = [];
  for (let i = 0; i < 100 && !(await focused()).startsWith('button'); i++) {
    await page.keyboard.press('Tab');
    seen.push(await focused());
    if (seen.at(-1) === 'div.plot#percentiles') {
      await page.keyboard.press('End');
      assert.match(
        (await page.locator('[data-for="percentiles"]').textContent()) ?? '',
        /^p9.*backend-v1 .* ms/,
      );
    }
  }
  assert.equal(seen[0], 'a.skip#');
  assert.ok(
    seen.includes('div.plot#percentiles') && seen.some((at) => at.startsWith('summary')),
    seen.join(' '),
  );
  assert.equal((await focused()).startsWith('button'), true, seen.join(' '));
  assert.notEqual(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle'), 'none');
  assert.equal(await page.locator('#no-plots').count(), 0);
  await page.keyboard.press('Enter');
  await page.waitForFunction(`document.getElementById('command-copied').textContent !== ''`);
  assert.match((await page.locator('#command-copied').textContent()) ?? '', /Copied|not allow/);
  assert.deepEqual(complaints, []);
});

test('without JavaScript the answer, the tables and a word on the plots are there', {
  timeout: TIMEOUT_MS,
}, async (t) => {
  const watched = await opened(t, 'run', { javaScriptEnabled: false });
  if (watched === null) return;
  const { page } = watched;
  assert.match((await page.locator('#verdict').textContent()) ?? '', /^(PASS|FAIL|INCONCLUSIVE)$/);
  assert.equal(await page.getByText('Plots need JavaScript').isVisible(), true);
  assert.equal(await page.locator('#checks table').isVisible(), true);
  assert.equal(await page.locator('button').isVisible(), false);
});

test('on paper: light, tables open, closed again afterwards', { timeout: TIMEOUT_MS }, async (t) => {
  const watched = await opened(t, 'run', { colorScheme: 'dark' });
  if (watched === null) return;
  const { page } = watched;
  const pdf = await page.pdf({ format: 'A4', printBackground: true });
  assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
  assert.ok(pdf.length > 30_000, `${pdf.length} bytes`);
  assert.equal(await page.locator('details[open]').count(), 0);
  const during = await page.evaluate<{ closed: number; back: string }>(`(() => {
    dispatchEvent(new Event('beforeprint'));
    return { closed: document.querySelectorAll('details:not([open])').length, back: ${BACK} };
  })()`);
  assert.equal(during.closed, 0);
  assert.match(during.back, /^#fff/);
});
