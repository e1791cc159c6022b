/** Names of files, hosts and values of flags that a terminal would obey: each command writes them as escapes. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { assertNoStack, refusal, weighbridge } from '../support/cli.js';
import { encoded, endOf, folderFor, MadeUpRun } from '../support/saved.js';
import { httpServer } from '../support/servers.js';
import { sample } from './sample-lab.js';

/** Colour, a title of the window, text that runs backwards, and characters without width. */
const EVIL = '\u001b[31m\u001b]0;x\u0007\u009b2J\u202egnp\u2066\u200b\ufeffx';
/** What a terminal obeys or does not show, besides the end of a line. */
const OBEYED = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

test('nothing that a terminal obeys reaches it, whatever files, hosts and values are called', async (t) => {
  const cwd = folderFor(t);
  const server = await httpServer(t, (_request, response) => response.end('v1'));
  const url = `http://${server.at}`;
  const garbage = `garbage-${EVIL}`;
  writeFileSync(join(cwd, garbage), `kind: [${EVIL}`);
  const manifest = `manifest-${EVIL}.yaml`;
  writeFileSync(join(cwd, manifest), `apiVersion: v1\nkind: "K\\e[2J"\nmetadata: {name: "n\\u202e"}\n`);
  const route = `route-${EVIL}.yaml`;
  writeFileSync(join(cwd, route), readFileSync(sample('httproute-90-10.yaml')));
  const folder = `folder-${EVIL}`;
  mkdirSync(join(cwd, folder));
  const vegeta = `vegeta-${EVIL}`;
  writeFileSync(
    join(cwd, vegeta),
    `{"timestamp":"${EVIL.replace(/\p{Cc}/gu, '')}","latency":1,"code":200}\n`,
  );
  const saved = `saved-${EVIL}.arrow`;
  const made = new MadeUpRun(3);
  const blocks = [made.block(20, ['v1', 'v2'])];
  writeFileSync(join(cwd, saved), Buffer.concat(encoded(made.header, blocks, endOf(blocks))));
  const missing = `missing-${EVIL}`;

  const failing: readonly string[][] = [
    [EVIL],
    ['run', `http://${EVIL}`],
    ['run', `http://${server.at}/${EVIL}`, '-n', EVIL],
    ['run', url, `--${EVIL}`],
    ['run', url, EVIL],
    ['run', url, '--rate', EVIL],
    ['run', url, '--host', EVIL],
    ['run', url, '-H', EVIL],
    ['run', url, '-H', `x: ${EVIL}`],
    ['run', url, '-H', `@${missing}`],
    ['run', url, '--expect', `${EVIL}=x`],
    ['run', url, '--expect', 'v1=1', '--map', `${EVIL}=v1`],
    ['run', url, '--version-from', EVIL],
    ['run', url, '--version-from', `body:/(${EVIL}/`],
    ['run', url, '--resolve', EVIL],
    ['run', url, '--connect-to', EVIL],
    ['run', url, '--unix-socket', missing],
    ['run', url, '--method', EVIL],
    ['run', url, '--json', join(missing, 'a.json')],
    ['run', url, '--csv-dir', garbage],
    ['run', url, '--save', folder],
    ['run', url, '--data', `@${missing}`],
    ['run', url.replace('http', 'https'), '--cacert', garbage],
    ['run', url, '--envoy-admin', EVIL],
    ['run', url, '--envoy-event-log', missing],
    ['run', url, '-f', missing],
    ['run', url, '-f', garbage],
    ['run', url, '-f', manifest],
    ['run', url, '-f', folder],
    ['analyze', missing],
    ['analyze', garbage],
    ['analyze', vegeta],
    ['analyze', saved, saved],
    ['analyze', saved, '--json', saved],
    ['analyze', saved, '--where', EVIL],
    ['analyze', saved, '--where', `version=${EVIL}`],
    ['identify', `http://${EVIL}`],
    ['instrument', '-f', garbage],
    ['lab', '-f', garbage],
    ['lab', '--fault', `${EVIL}:status=500`],
    ['demo', '--out', garbage],
  ];
  const before = process.cwd();
  process.chdir(cwd);
  t.after(() => process.chdir(before));
  for (const words of failing) {
    const end = await refusal(t, words);
    const shown = JSON.stringify(words);
    assert.notEqual(end.status, 0, shown);
    assert.match(end.stderr, /^weighbridge: \S/, shown);
    assert.doesNotMatch(end.stderr, OBEYED, shown);
    assert.equal(end.stdout, '', shown);
    assertNoStack(end.stderr);
  }
  const good: readonly string[][] = [
    ['analyze', saved, '--csv', `report-${EVIL}.csv`],
    [
      'run',
      `${url}/?${EVIL.replace(/[\p{Cc}\s]/gu, '')}`,
      '-n',
      '5',
      '-c',
      '1',
      '--version-from',
      'none',
      '--json',
      `report-${EVIL}.json`,
    ],
    ['identify', url],
    ['instrument', '-f', route, '-f', manifest],
  ];
  for (const words of good) {
    const end = await weighbridge(t, words, { cwd });
    const shown = `${JSON.stringify(words)}: ${end.stderr}`;
    assert.ok([0, 1, 3].includes(end.status ?? -1), shown);
    assert.doesNotMatch(end.stderr, OBEYED, shown);
    // What instrument prints is the manifest itself.
    if (words[0] !== 'instrument') assert.doesNotMatch(end.stdout, OBEYED, shown);
  }
});
