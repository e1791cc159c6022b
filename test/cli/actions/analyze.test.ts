/** What `analyze` says of wrong options and of files that are none of its kind. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Flags } from '../../../src/cli/options/flags.js';
import { UserError } from '../../../src/errors.js';
import { analyzeFromFlags } from '../../support/analyze-from-flags.js';
import { readResult } from '../../support/result-schema.js';
import { encoded, endOf, folderFor, MadeUpRun } from '../../support/saved.js';

const QUIET = { quiet: true };

test('wrong options and bad files, each with its own words', async (t) => {
  const folder = folderFor(t);
  const place = (name: string, content: string | Buffer) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const made = new MadeUpRun(3);
  const blocks = [made.block(500, ['v1', 'v2'])];
  const bytes = Buffer.concat(encoded(made.header, blocks, endOf(blocks)));
  const file = place('run.arrow', bytes);
  const bare = new MadeUpRun(4);
  const unjudged = {
    ...bare.header,
    plan: { ...bare.header.plan, judge: { ...bare.header.plan.judge, expected: null } },
  };
  const other = place('other.arrow', Buffer.concat(encoded(unjudged, blocks, endOf(blocks))));
  mkdirSync(join(folder, 'a-folder'));
  symlinkSync(file, join(folder, 'link'));
  const flipped = Buffer.from(bytes);
  flipped.fill(0xff, 600, 800);
  const cases: readonly (readonly [files: string[], flags: Flags, message: RegExp])[] = [
    [[], {}, /Nothing to analyze/],
    [Array.from({ length: 257 }, () => file), {}, /At most 256 files are read as one run, not 257/],
    [[join(folder, 'none.arrow')], {}, /none\.arrow cannot be read \(ENOENT\)/],
    [[join(folder, 'a-folder')], {}, /a-folder cannot be read \(EISDIR\)/],
    [[file, file], {}, /run\.arrow is given twice: its requests would be counted twice/],
    [[file, join(folder, 'link')], {}, /run\.arrow and .*link are the same file/],
    [[file, other], {}, /run\.arrow and .*other\.arrow differ in judge\.expected: /],
    [[file], { since: 'abc' }, /--since: 'abc' is not a duration/],
    [[file], { since: '5s', until: '5s' }, /--until: no request is due before 5s and after --since 5s/],
    [[file], { until: '0' }, /--until: no request is due before 0\./],
    [[file], { where: ['status=503', 'v2'] }, /--where: 'v2' is not KEY=VALUE/],
    [[file], { where: 'version=v9' }, /version=v9: no request has this version\. There are: 'v1', 'v2'/],
    [[other], { map: 'a=b' }, /--map says what stands for an expected version: give --expect too/],
    [[file], { map: 'a=b' }, /--map: 'a' is not an expected version; these are: v1, v2/],
    [[file], { 'version-from': 'podinfo' }, /--version-from: .*run\.arrow holds the labels that were read/],
    [[file], { 'body-limit': '1k' }, /--body-limit: '1k'|holds the labels/],
    [[file], { 'body-limit': '5' }, /--body-limit: 5 is out of range/],
    [[file], { tolerance: 'x' }, /--tolerance: 'x' is not a number/],
    [[file], { confidence: '20' }, /--confidence: 20 is out of range/],
    [[file], { json: file }, /--json would write to .*run\.arrow, which analyze reads/],
    [[file], { csv: join(folder, 'link') }, /--csv would write to .*link\), which analyze reads/],
    [[file], { json: '-', csv: '-' }, /would both write to standard output/],
    [[place('empty', '')], {}, /empty ends before its first samples/],
    [[place('text', 'hello, world\n')], {}, /text is not an Arrow stream/],
    [
      [place('samples', 'due_us,send_us\n')],
      {},
      /samples has the samples of a run as CSV.*--save FILE' writes it/,
    ],
    [[place('json', '{\n}')], {}, /json: line 1 is not a JSON object/],
    [[place('csv', '1,2,3\n')], {}, /csv: line 1 has 3 columns/],
    [[place('png', Buffer.from('\x89PNG\r\n\x1a\n\0\0', 'latin1'))], {}, /png is not an Arrow stream/],
    [[place('flipped.arrow', flipped)], {}, /flipped\.arrow /],
    [[place('two.arrow', Buffer.concat([bytes, bytes]))], {}, /two\.arrow goes on after the end of its run/],
  ];
  for (const [files, flags, message] of cases) {
    await assert.rejects(
      analyzeFromFlags(files, { ...QUIET, ...flags }),
      (error: unknown) => error instanceof UserError && error.exitCode === 2 && message.test(error.message),
      String(message),
    );
  }
  assert.deepEqual(readFileSync(file), bytes, 'what was to be analyzed is as it was');
});

test('the exit status is the verdict, whatever became of the run', async (t) => {
  const made = new MadeUpRun(5);
  const blocks = [made.block(2000, ['v1', 'v2'])];
  const folder = folderFor(t);
  const file = join(folder, 'run.arrow');
  const json = join(folder, 'result.json');
  for (const ended of ['completed', 'interrupted', 'terminated'] as const) {
    writeFileSync(file, Buffer.concat(encoded(made.header, blocks, endOf(blocks, { ended }))));
    // Half of the answers are v2's.
    assert.equal(await analyzeFromFlags([file], { ...QUIET, json }), 1);
    assert.equal(readResult(readFileSync(json, 'utf8')).ended, ended);
    assert.equal(await analyzeFromFlags([file], { ...QUIET, where: 'version=v1' }), 0);
  }
  writeFileSync(file, Buffer.concat(encoded(made.header, blocks, null)));
  assert.equal(await analyzeFromFlags([file], { ...QUIET, json }), 1);
  assert.equal(readResult(readFileSync(json, 'utf8')).ended, 'truncated');
  assert.equal(await analyzeFromFlags([file], { ...QUIET, expect: 'v1=1', json: '/dev/full' }), 1);
});
