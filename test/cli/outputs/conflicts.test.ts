/** Outputs that would destroy what is read, or each other, by the flags of the commands. */
import assert from 'node:assert/strict';
import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseAnalyze } from '../../../src/cli/options/analyze.js';
import type { Flags } from '../../../src/cli/options/flags.js';
import { IDENTIFY_FLAGS } from '../../../src/cli/options/identify.js';
import { LAB_FLAGS } from '../../../src/cli/options/lab.js';
import { destinationsIn, parseOutput } from '../../../src/cli/options/output.js';
import { RUN_FLAGS } from '../../../src/cli/options/run.js';
import { refuseConflicts } from '../../../src/cli/outputs/conflicts.js';
import { inputsIn, inputsOnce } from '../../../src/cli/outputs/inputs.js';
import { UserError } from '../../../src/errors.js';
import { RUN_REPORTS } from '../../../src/report/index.js';
import { CSV_FILES, FILE_FLAGS } from '../../support/outputs.js';
import { folderFor } from '../../support/saved.js';

const EFFECT = 'its requests would be counted twice';

const refused = (message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof UserError, String(error));
  assert.match(error.message, message);
  return true;
};

const check = (flags: Flags) =>
  refuseConflicts(inputsIn(RUN_FLAGS, flags), destinationsIn(parseOutput(flags, RUN_REPORTS)));

test('every option that reads a file, with every option that writes one, under whatever name', async (t) => {
  const folder = folderFor(t);
  const [file, hard, soft] = ['in.yaml', 'ejections.csv', 'soft'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(file, 'in');
  linkSync(file, hard);
  symlinkSync(folder, soft);
  const reading = {
    key: '--key',
    cert: '--cert',
    cacert: '--cacert',
    manifest: '-f',
    'envoy-event-log': '--envoy-event-log',
  };
  for (const [input, shown] of Object.entries(reading)) {
    for (const flag of FILE_FLAGS) {
      const reads = new RegExp(
        `^--${flag} would write to \\S*in\\.yaml( \\(also called \\S+\\))?, which ${shown} reads`,
      );
      for (const name of [file, hard, join(soft, 'in.yaml'), `${folder}/./in.yaml`]) {
        await assert.rejects(check({ [input]: file, [flag]: name }), refused(reads));
      }
    }
    await assert.rejects(
      check({ [input]: file, 'csv-dir': folder }),
      refused(/^--csv-dir would write to \S+in\.yaml \(also called \S+ejections\.csv\), which/),
    );
    await check({ [input]: file, json: '-', csv: join(folder, 'other.csv') });
  }
  await assert.rejects(check({ data: `@${file}`, json: hard }), refused(/which -d|--data reads/));
  await check({ data: file, json: hard });
  await assert.rejects(check({ manifest: ['-', soft], save: file }), refused(/which -f reads/));
});

test('the options of the other commands', async (t) => {
  const folder = folderFor(t);
  const file = join(folder, 'in.yaml');
  writeFileSync(file, 'in');
  const to = (flag: string) => [{ flag, file }];
  for (const [set, flags] of [
    [IDENTIFY_FLAGS, { key: file }],
    [LAB_FLAGS, { manifest: folder }],
    [LAB_FLAGS, { 'envoy-path': file }],
  ] as const) {
    await assert.rejects(refuseConflicts(inputsIn(set, flags), to('out')), refused(/^--out would write to/));
  }
  for (const flags of [{ csv: file }, { 'envoy-event-log': file, json: file }]) {
    const { files, inputs, output } = parseAnalyze(['-', file], flags);
    await assert.rejects(
      refuseConflicts([...inputs, ...inputsOnce(files, 'analyze', EFFECT)], destinationsIn(output)),
      refused(/which (analyze|--env\S+) reads/),
    );
  }
  assert.throws(
    () => inputsOnce([file, `${folder}/./in.yaml`], 'analyze', EFFECT),
    refused(/are the same file: its requests/),
  );
});

test('a manifest in a folder is read only if its name says so', async (t) => {
  const folder = folderFor(t);
  const [json, text] = [join(folder, 'result.json'), join(folder, 'result.txt')];
  await check({ manifest: folder, json });
  for (const file of [json, text]) writeFileSync(file, '');
  await assert.rejects(
    check({ manifest: folder, json }),
    refused(/^--json would write to \S+, which -f reads/),
  );
  await check({ manifest: folder, json: text });
});

test('two outputs in one place are refused, however it is spelled', async (t) => {
  const folder = folderFor(t);
  const path = (name: string) => join(folder, name);
  writeFileSync(path('o1'), '');
  linkSync(path('o1'), path('hard'));
  symlinkSync('o1', path('soft'));
  mkdirSync(path('real'));
  symlinkSync('real', path('linked'));
  const cases: readonly (readonly [Flags, RegExp])[] = [
    [{ json: '-', csv: '-' }, /^--json and --csv would both write to standard output\.$/],
    [{ json: '/dev/stdout', save: '-' }, /^--json and --save would both write to standard output/],
    [
      { json: path('o1'), save: path('soft') },
      /^--json and --save would both write to \S+soft \(also called \S+o1\)\.$/,
    ],
    [{ json: path('hard'), samples: path('o1') }, /^--json and --samples/],
    [{ json: path('same'), csv: `${folder}/./same` }, /^--json and --csv/],
    [{ json: path('real/new'), csv: path('linked/new') }, /^--json and --csv/],
    [{ csv: path('linked/versions.csv'), 'csv-dir': path('real') }, /^--csv and --csv-dir/],
    [
      { json: path('made/ejections.csv'), 'csv-dir': path('made') },
      /^--json and --csv-dir .*ejections\.csv\.$/,
    ],
  ];
  for (const [flags, message] of cases) await assert.rejects(check(flags), refused(message));
  await check({ json: path('real/a'), csv: path('linked/b'), 'csv-dir': path('made') });
  // Nothing in it can be lost.
  await check({ json: '/dev/null', csv: '/dev/null', data: '@/dev/null' });
});

test('any two outputs in one place, and any output in a file of --csv-dir', async (t) => {
  const folder = folderFor(t);
  for (const [i, first] of FILE_FLAGS.entries()) {
    for (const second of FILE_FLAGS.slice(i + 1)) {
      for (const [file, where] of [
        ['-', 'standard output\\.$'],
        [join(folder, 'one'), '\\S+one\\.$'],
      ] as const) {
        const both = new RegExp(`^--${first} and --${second} would both write to ${where}`);
        await assert.rejects(check({ [first]: file, [second]: file }), refused(both));
      }
    }
    for (const name of CSV_FILES) {
      const both = new RegExp(
        `^--(${first}|csv-dir) and --(${first}|csv-dir) would both write to \\S+${name}\\.$`,
      );
      await assert.rejects(check({ [first]: join(folder, name), 'csv-dir': folder }), refused(both));
    }
  }
});

test('names that a version could get are no names for other outputs, and files behind them are not lost', async (t) => {
  const folder = folderFor(t);
  const path = (name: string) => join(folder, name);
  mkdirSync(path('out'));
  writeFileSync(path('key.pem'), '');
  const histogram = path('out/run.hgrm');
  await assert.rejects(
    check({ histogram, json: path('out/./run-v1.hgrm') }),
    refused(
      /^--json and --histogram could both write to \S+run-v1\.hgrm: --histogram names files of versions like/,
    ),
  );
  await check({ histogram, json: path('out/run.json'), 'csv-dir': path('out'), key: path('key.pem') });
  await check({ histogram: '-', json: path('out/run-v1.hgrm') });
  // An older file that is a link to what is read, or to another output.
  symlinkSync('../key.pem', path('out/run-v1.hgrm'));
  await assert.rejects(
    check({ histogram, key: path('key.pem') }),
    refused(/^--histogram would write to \S+key\.pem \(also called \S+run-v1\.hgrm\), which --key reads/),
  );
  await assert.rejects(
    check({ histogram, json: path('key.pem') }),
    refused(/^--(json|histogram) and --(json|histogram) would both write to/),
  );
  await check({ histogram: path('out/other.hgrm'), key: path('key.pem') });
});

test('what --print prints is an output like those to standard output', async () => {
  await check({ print: 'percentiles', json: 'result.json' });
  await assert.rejects(
    check({ print: 'percentiles', json: '-' }),
    refused(/^--json and --print would both write to standard output\.$/),
  );
});
