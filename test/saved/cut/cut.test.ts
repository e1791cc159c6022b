import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { OUTCOMES } from '../../../src/blocks/outcome.js';
import { NO_LABEL, PHASE } from '../../../src/blocks/sample-block.js';
import { UserError } from '../../../src/errors.js';
import { parseWhere, selectsByResponse } from '../../../src/saved/cut/cut.js';
import { CutFilter } from '../../../src/saved/cut/cut-filter.js';
import { blockOfRows, COLUMNS, type FullRow, rowsOfBlock } from '../../support/memory-run.js';

const LABELS = { versions: ['v1', 'blue', 'v3'], endpoints: ['a', 'b'], addresses: ['x:1', 'y:2'] };
const nameOf = (label: string) => (label === 'blue' ? 'v2' : label);

test('--where as it is typed', () => {
  assert.deepEqual(parseWhere([]), {});
  assert.deepEqual(parseWhere(['version=v2', 'status=503', 'version= a=b ', 'status=5xx', 'outcome=ok']), {
    version: ['v2', 'a=b'],
    status: ['503', '5xx'],
    outcome: ['ok'],
  });
  const wrong: readonly [string, RegExp][] = [
    ['v2', /'v2' is not KEY=VALUE with one of the keys version, endpoint/],
    ['=v2', /is not KEY=VALUE/],
    ['version=', /is not KEY=VALUE/],
    ['pod=a', /one of the keys version, endpoint, address, status, outcome/],
    ['status=abc', /status=503 or status=5xx/],
    ['status=0xx', /is not a status/],
    ['outcome=bad', /is not an outcome; these exist: ok, overflow/],
    ['ver\u001b[31m=1', /'ver\\u\{1b\}\[31m=1'/],
  ];
  for (const [text, message] of wrong) {
    assert.throws(
      () => parseWhere([text]),
      (error: unknown) => error instanceof UserError && message.test(error.message),
      text,
    );
  }
});

test('which cuts leave the split out', () => {
  const by = (texts: string[]) => selectsByResponse({ sinceMs: 1, untilMs: null, where: parseWhere(texts) });
  assert.equal(by([]), false);
  assert.equal(by(['address=a']), false);
  for (const text of ['version=a', 'endpoint=a', 'status=200', 'outcome=ok']) {
    assert.equal(by(['address=a', text]), true, text);
  }
});

const label = (count: number) => fc.oneof(fc.nat(count - 1), fc.constant(NO_LABEL));
const time = fc.double({ min: 0, max: 3000, noNaN: true });
const row: fc.Arbitrary<FullRow> = fc
  .record({
    dueUs: time,
    sendUs: fc.oneof(time, fc.constant(Number.NaN)),
    firstByteUs: fc.oneof(time, fc.constant(Number.NaN)),
    endUs: time,
    connection: fc.nat(0xffff_ffff),
    sequence: fc.nat(0xffff_ffff),
    bytes: fc.nat(0xffff_ffff),
    status: fc.constantFrom(0, 200, 201, 404, 500, 503, 599, 65_535),
    version: label(3),
    endpoint: label(2),
    address: label(2),
    worker: fc.nat(0xffff),
    outcome: fc.nat(OUTCOMES.length - 1),
    origin: fc.nat(2),
    phase: fc.constantFrom(PHASE.preflight, PHASE.warmup, PHASE.measured, PHASE.measured, PHASE.measured),
  })
  .map((made) => ({ ...made }));
const some = (...values: string[]) =>
  fc.option(fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 }), { nil: undefined });
const where = fc.record({
  version: some('v1', 'v2', 'blue', '(none)'),
  endpoint: some('a', '(none)'),
  address: some('x:1', 'y:2'),
  status: some('200', '5xx', '404', '0'),
  outcome: some('ok', 'timeout'),
});

test('what stays are the rows that fit, whole and in their order', () => {
  const since = fc.option(fc.double({ min: 0, max: 3, noNaN: true }));
  fc.assert(
    fc.property(
      fc.array(row, { maxLength: 40 }),
      where,
      since,
      since,
      fc.nat(500),
      (rows, conditions, sinceMs, untilMs, shiftUs) => {
        const given = Object.fromEntries(
          Object.entries(conditions).filter(([, values]) => values !== undefined),
        );
        const filter = new CutFilter({ sinceMs, untilMs, where: given }, LABELS, nameOf);
        const block = blockOfRows(rows);
        filter.apply(block, shiftUs);
        const text = (table: readonly string[], number: number) =>
          number === NO_LABEL ? '(none)' : (table[number] as string);
        const has = (key: keyof typeof conditions, values: readonly string[]) =>
          conditions[key] === undefined || values.some((value) => conditions[key]?.includes(value));
        const wanted = rows.filter((one) => {
          if (one.phase !== PHASE.measured) return true;
          const due = one.dueUs + shiftUs;
          const version = text(LABELS.versions, one.version);
          return (
            due >= (sinceMs ?? 0) * 1000 &&
            due < (untilMs ?? Number.POSITIVE_INFINITY) * 1000 &&
            has('version', [version, nameOf(version)]) &&
            has('endpoint', [text(LABELS.endpoints, one.endpoint)]) &&
            has('address', [text(LABELS.addresses, one.address)]) &&
            has('status', [
              String(one.status),
              ...(one.status < 1000 ? [`${Math.floor(one.status / 100)}xx`] : []),
            ]) &&
            has('outcome', [(OUTCOMES[one.outcome] as { name: string }).name])
          );
        });
        assert.deepEqual(rowsOfBlock(block), wanted);
        const measured = (of: readonly FullRow[]) =>
          of.filter(({ phase }) => phase === PHASE.measured).length;
        assert.deepEqual([filter.seen, filter.kept], [measured(rows), measured(wanted)]);
      },
    ),
    { seed: 7, numRuns: 500 },
  );
  assert.equal(COLUMNS.length, 15, 'a new column is to be moved too');
});

test('a label that no row can have is an error that lists what there is', () => {
  const filter = (texts: string[], labels = LABELS) =>
    new CutFilter({ sinceMs: null, untilMs: null, where: parseWhere(texts) }, labels, nameOf);
  filter(['version=v2', 'version=blue', 'version=(none)', 'endpoint=a', 'address=x:1']).finish();
  assert.throws(
    () => filter(['endpoint=c']).finish(),
    /endpoint=c: no request has this endpoint\. There are: 'a', 'b'\./,
  );
  const none = { versions: [], endpoints: [], addresses: [] };
  assert.throws(() => filter(['version=v1'], none as never).finish(), /No request has any/);
  const many = { ...LABELS, versions: Array.from({ length: 20 }, (_, i) => `\u001b${i}`) };
  assert.throws(() => filter(['version=v1'], many).finish(), /'\\u\{1b\}0'.* and 12 more/);
});
