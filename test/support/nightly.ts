/**
 * How often a simulation repeats what it does in `npm test`: once there, FUZZ_TIMES as often in `npm run nightly`, as the property
 * tests do.
 */
export const NIGHTLY_TIMES = Number(process.env.FUZZ_TIMES ?? '1');
