import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { UserError } from '../../../src/errors.js';
import {
  type FaultEffect,
  type FaultSpec,
  formatFault,
  parseFault,
} from '../../../src/lab/backends/fault-spec.js';

test('a fault with everything', () => {
  assert.deepEqual(parseFault('v2-0:status=503,after=5s,for=10s,rate=0.3', '--fault'), {
    target: 'v2-0',
    effect: { kind: 'status', status: 503 },
    afterMs: 5000,
    forMs: 10_000,
    rate: 0.3,
  });
});

test('a stall lasts as long as it says; the others last until cleared', () => {
  assert.deepEqual(parseFault('*:stall=300ms,after=2s', '--fault'), {
    target: '*',
    effect: { kind: 'stall' },
    afterMs: 2000,
    forMs: 300,
    rate: 1,
  });
  assert.equal(parseFault('v2:close', '--fault').forMs, null);
});

for (const [text, why] of [
  ['', /there is no TARGET/],
  ['v2', /there is no TARGET/],
  [':close', /there is no TARGET/],
  ['v2:', /there is no EFFECT/],
  ['v2:explode', /'explode' is no EFFECT/],
  ['v2:close,rate=1.', /rate is a share/],
  ['v2:close,rate=', /rate is a share/],
  ['v2:status', /status needs a code from 200 to 599/],
  ['v2:status=99', /status needs a code from 200 to 599/],
  ['v2:status=abc', /status needs a code/],
  ['v2:slow', /slow needs a time/],
  ['v2:slow=-1s', /--fault: slow: '-1s' is not a duration/],
  ['v2:slow=0s', /--fault: slow: must be longer than 0/],
  ['v2:stall', /stall needs a time/],
  ['v2:stall=1s,for=2s', /a stall has its length in stall=TIME/],
  ['v2:refuse,rate=0.5', /refuse concerns the whole pod and takes no rate/],
  ['v2:close=1', /close takes no value/],
  ['v2:close,for', /for needs a value/],
  ['v2:close,for=1s,for=2s', /for is given twice/],
  ['v2:close,until=1s', /'until=1s' is not after, for or rate/],
  ['v2:close,rate=0', /rate is a share above 0/],
  ['v2:close,rate=1.5', /rate is a share above 0/],
  ['v2:close,rate=NaN', /rate is a share above 0/],
  ['v2:close,after=soon', /--fault: after: 'soon' is not a duration/],
] as const) {
  test(`'${text}' is refused`, () => {
    assert.throws(
      () => parseFault(text, '--fault'),
      (error) => error instanceof UserError && error.exitCode === 2 && why.test(error.message),
    );
  });
}

const effect: fc.Arbitrary<FaultEffect> = fc.oneof(
  fc.integer({ min: 200, max: 599 }).map((status) => ({ kind: 'status' as const, status })),
  fc.integer({ min: 1, max: 100_000 }).map((delayMs) => ({ kind: 'slow' as const, delayMs })),
  fc.constantFrom(
    { kind: 'close' as const },
    { kind: 'garbage' as const },
    { kind: 'stall' as const },
    { kind: 'refuse' as const },
  ),
);

const spec: fc.Arbitrary<FaultSpec> = fc
  .record({
    target: fc.stringMatching(/^[a-z0-9*][a-z0-9/.-]{0,20}$/),
    effect,
    afterMs: fc.nat(1_000_000),
    forMs: fc.option(fc.integer({ min: 1, max: 1_000_000 })),
    rate: fc.constantFrom(1, 0.5, 0.25, 0.001),
  })
  .map((made) => {
    const whole = made.effect.kind === 'stall' || made.effect.kind === 'refuse';
    return {
      ...made,
      forMs: made.effect.kind === 'stall' ? (made.forMs ?? 1) : made.forMs,
      rate: whole ? 1 : made.rate,
    };
  });

test('what formatFault writes, parseFault reads', () => {
  fc.assert(
    fc.property(spec, (fault) => {
      assert.deepEqual(parseFault(formatFault(fault), 'fault'), fault);
    }),
    { seed: 20261124 },
  );
});

test('any text is read or refused with a UserError of one printable line', () => {
  const pieces = fc.constantFrom(
    'v2',
    ':',
    ',',
    '=',
    'status',
    'slow',
    '503',
    'for',
    'after',
    'rate',
    '1s',
    '\u001b[31m',
    ' ',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(pieces).map((parts) => parts.join('')),
      ),
      (text) => {
        try {
          parseFault(text, '--fault');
        } catch (error) {
          assert.ok(error instanceof UserError);
          assert.doesNotMatch(error.message, /[\u0000-\u001f\u007f-\u009f]/);
        }
      },
    ),
    { seed: 20261124, numRuns: 500 },
  );
});
