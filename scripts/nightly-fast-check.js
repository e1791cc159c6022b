// fast-check with more runs than the tests ask for, and with another seed each time. A failure prints its seed.
import real from 'fast-check';

export * from 'fast-check';

const times = Number(process.env.FUZZ_TIMES ?? '30');

function assert(property, { seed: _fixed, numRuns = 100, ...rest } = {}) {
  return real.assert(property, { ...rest, numRuns: numRuns * times });
}

export default { ...real, assert };
