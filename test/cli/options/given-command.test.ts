import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ANALYZE_FLAGS } from '../../../src/cli/options/analyze.js';
import { givenCommand } from '../../../src/cli/options/given-command.js';
import { parseRun, RUN_FLAGS } from '../../../src/cli/options/run.js';

/** Without the words that start the program. */
function runCommand(url: string, flags: Record<string, unknown>): string {
  return parseRun(url, flags).command.replace(/^.*? run /, 'run ');
}

test('the command can be repeated: options by their letters or names, quoted for a shell', () => {
  const flags = {
    manifest: ['a b.yaml', 'route.yaml'],
    requests: '2000',
    n: '2000',
    explain: true,
    quiet: false,
    json: undefined,
    _: ['run'],
    $0: 'weighbridge',
  };
  assert.equal(
    runCommand('http://127.0.0.1:8080', flags),
    "run http://127.0.0.1:8080 -f 'a b.yaml' -f route.yaml -n 2000 --explain",
  );
  assert.match(
    givenCommand(['analyze', 'run.arrow'], { where: 'status=5xx' }, ANALYZE_FLAGS),
    / analyze run\.arrow --where status=5xx$/,
  );
});

test('no secret is in the command', () => {
  const command = runCommand('https://user:S3CRET@gw.test/?token=S3CRET&page=2&mine=S3CRET', {
    header: ['Authorization: Bearer S3CRET', 'x-canary: yes', 'X-Mine:S3CRET'],
    secret: ['mine', 'x-mine'],
    data: '{"password":"S3CRET"}',
    'envoy-admin': 'http://admin:S3CRET@127.0.0.1:9901',
  });
  assert.doesNotMatch(command, /S3CRET/);
  assert.match(command, /page=2/);
  assert.match(command, /-H 'Authorization: \(secret\)' -H 'x-canary: yes' -H 'X-Mine: \(secret\)'/);
  assert.match(command, /-d '\(secret\)'/);
});

test('names of files and variables are no secrets', () => {
  const shown = givenCommand(['run'], { 'header-env': 'A=B', data: '@body.json' }, RUN_FLAGS);
  assert.match(shown, / run --header-env A=B -d @body\.json$/);
});
