/** A real browser for tests of HTML reports. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The variable CHROMIUM, else what is in PATH; null: there is none. */
export function findBrowser(environment: NodeJS.ProcessEnv = process.env): string | null {
  const given = environment['CHROMIUM'];
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const found = folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(isProgram);
  return given !== undefined && given !== '' ? given : (found ?? null);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A browser, or null: the test is skipped, or fails when REQUIRE_BROWSER=1 is set, as in CI. */
export async function browserForTests(
  t: TestContext,
  opened: () => Promise<Browser>,
): Promise<Browser | null> {
  if (findBrowser() !== null) return opened();
  if (process.env['REQUIRE_BROWSER'] === '1')
    throw new Error(`no browser: none of ${NAMES.join(', ')} is in PATH`);
  t.skip('no browser');
  return null;
}

/** Loaded here, so that no other test loads it. */
export async function launchBrowser(): Promise<Browser> {
  const { chromium } = await import('playwright-core');
  return chromium.launch({ executablePath: findBrowser() ?? '', args: ARGUMENTS });
}

/** A page, and all that it did which it must not: messages, errors, dialogs and requests. */
export interface WatchedPage {
  readonly page: Page;
  readonly complaints: string[];
}

export async function openPage(
  browser: Browser,
  file: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  const url = `file://${file}`;
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('request', (request) => {
    if (request.url() !== url) complaints.push(`request: ${request.url()}`);
  });
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(url);
  return { page, complaints };
}
