/** Responses that are changed at random, on two connections that share the parser's memory. */
import { test } from 'node:test';
import { NIGHTLY_TIMES } from '../../support/nightly.js';
import { fuzz } from '../../support/responses/fuzz.js';

/** `npm run nightly` has other cases each time. */
const NIGHTLY = NIGHTLY_TIMES > 1;
const CASES = NIGHTLY ? 100_000 : 2000;

test(`${CASES} changed responses: however they are cut, each is taken as when it comes whole and alone`, async () => {
  await fuzz(CASES, NIGHTLY ? Math.floor(Math.random() * 2 ** 31) : 1);
});
