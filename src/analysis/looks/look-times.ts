/** When a run that goes on until its verdict is looked at: at fixed numbers of requests, the first in the order of sending. */

/** Requests from one look to the next, and the part of those seen if that is more: long runs need few looks. */
const EVERY = 100;
const PART = 0.02;

/**
 * Requests seen at the next look.
 *
 * @param requests seen at the last one; 0: there was none
 */
export function nextLook(requests: number): number {
  return requests + Math.max(EVERY, Math.floor(PART * requests));
}
