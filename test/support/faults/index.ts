/** The corpus of hostile servers: test/probes/load/fault-corpus.test.ts and scripts/faults-table.js go through it. */
import { BODY_FAULTS } from './bodies.js';
import type { Fault } from './fault.js';
import { H2_FAULTS } from './h2.js';
import { HEAD_FAULTS } from './heads.js';
import { TLS_FAULTS } from './secure.js';
import { STALL_FAULTS } from './stalls.js';

export const FAULTS: readonly Fault[] = [
  ...BODY_FAULTS,
  ...HEAD_FAULTS,
  ...STALL_FAULTS,
  ...TLS_FAULTS,
  ...H2_FAULTS,
];
