/** The tables of `npm run calibrate`, in their order. A new one: a file, and a line here. */
import { blocks } from './blocks.js';
import { comparisons } from './compare.js';
import { connections } from './connections.js';
import { errors } from './errors.js';
import { boundaries, costs } from './splits.js';
import type { Step } from './step.js';
import { versions } from './versions.js';

export const STEPS: readonly Step[] = [costs, boundaries, versions, errors, blocks, connections, comparisons];
