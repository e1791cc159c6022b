/** Notes about listeners that redirect to https or pass TLS on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { caseText } from '../../support/cases.js';
import { planFromFlags } from '../../support/flags.js';

async function noted(name: string, url: string, change = (text: string) => text): Promise<string> {
  const { notes } = await planFromFlags(url, { manifest: '-' }, change(caseText(name)));
  return notes
    .filter(({ code }) => code === 'listener-tls')
    .map(({ text }) => text)
    .join('\n');
}

test('a URL that leads to a server with httpsRedirect', async () => {
  const redirects =
    /^Gateway shop\/gw, server http \(port 80\) answers every request with 301.*https:\/\/ URL/;
  assert.match(await noted('gw-https-redirect', 'http://127.0.0.1'), redirects);
  assert.match(await noted('gw-https-redirect', 'http://127.0.0.1:8080'), redirects, 'a forwarded port');
  assert.equal(await noted('gw-https-redirect', 'https://127.0.0.1'), '');
  const off = (text: string) => text.replace('httpsRedirect: true', 'httpsRedirect: false');
  assert.equal(await noted('gw-https-redirect', 'http://127.0.0.1', off), '');
});

test('a URL that leads to a server that passes TLS on', async () => {
  assert.equal(await noted('gw-passthrough', 'http://127.0.0.1'), '');
  const passes = /^Gateway shop\/gw, server https \(port 443\) passes TLS on/;
  assert.match(await noted('gw-passthrough', 'https://127.0.0.1'), passes);
  const mode = (other: string) => (text: string) => text.replace('mode: PASSTHROUGH', other);
  assert.match(await noted('gw-passthrough', 'https://127.0.0.1', mode('credentialName: c')), passes);
  assert.equal(await noted('gw-passthrough', 'https://127.0.0.1', mode('mode: SIMPLE')), '');
});
