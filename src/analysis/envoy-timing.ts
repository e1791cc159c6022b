/** Times between Envoy's decision and what a client sees of it, which several analyses allow for. */
import { MERGE_WINDOW_MS } from '../plan/policy/envoy-defaults.js';

export const MERGE_WINDOW_US = MERGE_WINDOW_MS * 1000;

/**
 * From a decision of the gateway until all its worker threads follow it, and the delay of timers, unless its machine is
 * very busy.
 */
export const HANDOVER_US = 5_000;

/** The same on a busy machine: for comparisons with times that the gateway or a rule gives, ms. */
export const SLACK_MS = 100;
