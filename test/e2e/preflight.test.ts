/** A version that stalls does not decide by chance whether a run begins. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { weighbridge } from '../support/cli.js';
import { readResult } from '../support/result-schema.js';
import { httpServer } from '../support/servers.js';

const RUNS = 8;
const AT_ONCE = 4;

test('8 runs against a gateway whose one version stalls: each begins, and reports the time-outs', async (t) => {
  // Each run has a path of its own. v2 gets every second request of a path, in half of the paths the first one.
  const seen = new Map<string, number>();
  const server = await httpServer(t, ({ url = '' }, response) => {
    const number = (seen.get(url) ?? Number(url.slice(1)) % 2) + 1;
    seen.set(url, number);
    if (number % 2 === 0) return;
    response.setHeader('x-version', 'v1');
    response.end();
  });
  const runs = Array.from({ length: RUNS }, (_, i) => `http://${server.at}/${i}`);
  const one = async (url: string) => {
    const flags = ['--version-from', 'header:x-version', '-c', '2', '-n', '4', '-t', '2s', '--json', '-'];
    const { status, stdout, stderr } = await weighbridge(t, ['run', url, ...flags]);
    assert.notEqual(status, 4, stderr);
    const { requests, failures, notes } = readResult(stdout);
    assert.equal(requests.scheduled, 4);
    assert.ok((failures.timeout ?? 0) > 0, JSON.stringify(failures));
    assert.ok(requests.preflight <= 3, `${requests.preflight}`);
    const note = notes.find(({ code }) => code === 'preflight-repeated');
    if (note !== undefined) repeated.push(note.text);
  };
  const repeated: string[] = [];
  const lane = async () => {
    for (let url = runs.pop(); url !== undefined; url = runs.pop()) await one(url);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  assert.ok(repeated.length >= RUNS / 2, `${repeated.length} runs met v2 first`);
  for (const text of repeated)
    assert.match(text, /^[12] of [23] requests before the load had no usable answer: /);
});
