import assert from 'node:assert/strict';
import { test } from 'node:test';
import stringWidth from 'string-width';
import { ANALYZE_FLAGS } from '../../src/cli/options/analyze.js';
import { FIND_LIMITS_FLAGS } from '../../src/cli/options/find-limits.js';
import { IDENTIFY_FLAGS } from '../../src/cli/options/identify.js';
import { INSTRUMENT_FLAGS } from '../../src/cli/options/instrument.js';
import { RUN_FLAGS } from '../../src/cli/options/run.js';
import { assertSaid, refusal, weighbridge } from '../support/cli.js';
import { COMMANDS } from '../support/help.js';

/** Options that a help text lists, without dashes. */
function listed(help: string): string[] {
  return [...help.matchAll(/^ {2}(?: {4}|-\S, )*(?:-\S, )?--([a-z0-9-]+)/gm)].map(
    ([, name]) => name as string,
  );
}

/** Options of every command that has a short help. */
const ALWAYS = ['help', 'help-all', 'version'];

function assertFits(text: string, columns: number): void {
  for (const line of text.split('\n')) assert.ok(stringWidth(line) <= columns, line);
}

test('weighbridge --help lists the commands', async (t) => {
  const end = await weighbridge(t, ['--help']);
  assert.equal(end.status, 0);
  assert.equal(end.stderr, '');
  for (const command of [...COMMANDS, 'completion']) {
    assert.match(end.stdout, new RegExp(`^ {2}weighbridge ${command}\\b`, 'm'));
  }
  assertFits(end.stdout, 80);
});

test('weighbridge run --help-all lists every option, with its short form', async (t) => {
  const { status, stdout } = await weighbridge(t, ['run', '--help-all']);
  assert.equal(status, 0);
  assertFits(stdout, 80);
  assert.deepEqual(listed(stdout).sort(), [...Object.keys(RUN_FLAGS), ...ALWAYS].sort());
  for (const alias of Object.values(RUN_FLAGS).flatMap((option) => option.alias ?? [])) {
    assert.match(stdout, new RegExp(`(^|[ ,])-${alias}, `, 'm'));
  }
  assert.match(stdout, /Exit status: 0 pass/);
});

test('weighbridge run --help is short: the options that people use, in their groups, and the exit codes', async (t) => {
  const { status, stdout } = await weighbridge(t, ['run', '--help']);
  assert.equal(status, 0);
  assertFits(stdout, 80);
  const common = Object.entries(RUN_FLAGS).flatMap(([name, flag]) => (flag.common === true ? [name] : []));
  assert.ok(common.length <= 16, common.join());
  assert.deepEqual(listed(stdout).sort(), [...common, ...ALWAYS].sort());
  assert.match(stdout, /^ +--help-all +show every option/m);
  assert.match(stdout, /Exit status: 0 pass/);
  const narrow = await weighbridge(t, ['run', '--help'], { env: { COLUMNS: '60' } });
  assertFits(narrow.stdout, 60);
  assert.deepEqual(listed(narrow.stdout), listed(stdout));
  assert.deepEqual(
    await weighbridge(t, ['run', 'help']),
    { status: 0, stdout, stderr: '' },
    'without dashes too',
  );
});

test('weighbridge identify --help-all lists its options, those of run about one request', async (t) => {
  const { status, stdout } = await weighbridge(t, ['identify', '--help-all']);
  assert.equal(status, 0);
  assertFits(stdout, 80);
  assert.deepEqual(listed(stdout).sort(), [...Object.keys(IDENTIFY_FLAGS), ...ALWAYS].sort());
  assert.match(stdout, /Exit status: 0 answered/);
});

test('weighbridge limits --help-all lists its options, and what it does', async (t) => {
  const { status, stdout } = await weighbridge(t, ['limits', '--help-all']);
  assert.equal(status, 0);
  assertFits(stdout, 80);
  assert.deepEqual(listed(stdout).sort(), [...Object.keys(FIND_LIMITS_FLAGS), ...ALWAYS].sort());
  assert.doesNotMatch(stdout, /Ejections|Poisson/);
  const short = await weighbridge(t, ['limits', '--help']);
  for (const name of ['manifest', 'limit', 'max-connections', 'max-time', 'envoy-admin', 'expect-knee']) {
    assert.ok(listed(short.stdout).includes(name), name);
  }
});

test('weighbridge instrument --help lists its options', async (t) => {
  const { status, stdout } = await weighbridge(t, ['instrument', '--help']);
  assert.equal(status, 0);
  assertFits(stdout, 80);
  assert.deepEqual(listed(stdout).sort(), [...Object.keys(INSTRUMENT_FLAGS), 'help', 'version'].sort());
});

test('weighbridge analyze --help-all lists every option, in groups', async (t) => {
  const { status, stdout } = await weighbridge(t, ['analyze', '--help-all']);
  assert.equal(status, 0);
  assertFits(stdout, 80);
  assert.deepEqual(listed(stdout).sort(), [...Object.keys(ANALYZE_FLAGS), ...ALWAYS].sort());
  for (const group of ['Which requests', 'What to expect', 'Which version', 'Output']) {
    assert.match(stdout, new RegExp(`^${group}.*:$`, 'm'));
  }
  assert.match(stdout, /by when requests were due/);
});

test('the help of lab and demo, in a narrow terminal and in another language', async (t) => {
  const env = { COLUMNS: '72', LC_ALL: 'de_DE.UTF-8', LANG: 'de_DE.UTF-8' };
  const lab = await weighbridge(t, ['lab', '--help'], { env });
  assert.equal(lab.status, 0);
  assertFits(lab.stdout, 72);
  for (const name of [
    'manifest',
    'port',
    'fault',
    'envoy',
    'envoy-path',
    'print-envoy',
    'no-default-retries',
  ]) {
    assert.ok(listed(lab.stdout).includes(name), name);
  }
  const demo = await weighbridge(t, ['demo', '--help'], { env });
  assert.equal(demo.status, 0);
  assertFits(demo.stdout, 72);
  assert.deepEqual(listed(demo.stdout).sort(), ['help', 'no-color', 'out', 'requests', 'version']);
  assert.match(demo.stdout, /^Options:$/m);
});

test('completion: the script, and the words it asks for', async (t) => {
  const script = await weighbridge(t, ['completion'], { env: { SHELL: '/bin/bash' } });
  assert.equal(script.status, 0);
  assert.match(script.stdout, /complete .*-F \S+ weighbridge$/m);
  const words = await weighbridge(t, ['--get-yargs-completions', 'weighbridge', 'run', '--con']);
  const options = words.stdout.split('\n');
  assert.ok(options.includes('--connections') && options.includes('--connect-to'), words.stdout);
});

test('--version and -V', async (t) => {
  for (const flag of ['--version', '-V']) {
    const end = await weighbridge(t, [flag]);
    assert.deepEqual([end.status, end.stderr], [0, '']);
    assert.match(end.stdout, /^\d+\.\d+\.\d+\n$/);
  }
});

test('no command, an unknown command, an unknown option: a sentence and where to read on', async (t) => {
  assertSaid(
    await weighbridge(t, []),
    2,
    /Give a command: run, plan, limits, analyze, compare, doctor, identify, instrument, lab or demo\.\n'weighbridge --help'/,
  );
  assertSaid(await refusal(t, ['runn']), 2, /no command 'runn'\. Did you mean 'run'\?/);
  const german = { env: { LC_ALL: 'de_DE.UTF-8', LANG: 'de_DE.UTF-8' } };
  assertSaid(
    await weighbridge(t, ['run', '--ratee', '5'], german),
    2,
    /no option --ratee\. Did you mean --rate\?/,
  );
  assertSaid(await refusal(t, ['lab', '--prot', '5']), 2, /Did you mean --port\?\n'weighbridge lab --help'/);
  assertSaid(await refusal(t, ['run', 'http://127.0.0.1:9', '--rate']), 2, /--rate needs a value/);
});
