/** Blocks for requests of which no more is known than how many there were. */
import { BLOCK_CAPACITY, NO_LABEL, SampleBlock } from './sample-block.js';

/**
 * @param requests how many rows, in blocks of at most BLOCK_CAPACITY
 * @param phase PHASE
 * @param outcome code of their outcome
 * @param endUs when they ended, run clock
 */
export function* blankBlocks(
  requests: number,
  phase: number,
  outcome = 0,
  endUs = 0,
): Generator<SampleBlock> {
  for (let left = requests; left > 0; left -= BLOCK_CAPACITY) {
    const block = new SampleBlock();
    block.length = Math.min(left, BLOCK_CAPACITY);
    block.phase.fill(phase, 0, block.length);
    block.outcome.fill(outcome, 0, block.length);
    for (const column of [block.version, block.endpoint, block.address]) column.fill(NO_LABEL);
    for (const column of [block.sendUs, block.firstByteUs]) column.fill(Number.NaN);
    for (const column of [block.dueUs, block.endUs]) column.fill(endUs);
    yield block;
  }
}
