/** Open files: whether a run's connections fit into what the system lets this process open. */
import { readdirSync, readFileSync } from 'node:fs';
import { UserError } from '../../errors.js';
import type { LoadPlan } from '../../plan/plan.js';
import { connectionCount } from '../lane/connection-share.js';

/** What a thread of Node opens for its loop (seen on Linux, Node 20). */
const PER_WORKER = 4;
/** For the pre-flight's last connections, looking up names, reports. */
const RESERVE = 8;

export interface DescriptorUse {
  /** Files that this process may have open; null where that is not known. */
  readonly limit: number | null;
  /** Files that it has open. */
  readonly inUse: number;
}

/**
 * The limit in force, which Node raises to the hard one when it starts, and what is open.
 *
 * Linux tells both in /proc. Elsewhere nothing is known, and a run that meets the limit counts
 * `no-file-descriptor`.
 */
export function descriptorUse(): DescriptorUse {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8');
    const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
    if (soft === undefined) return { limit: null, inUse: 0 };
    // One of them is the folder that is being read.
    return { limit: Number(soft), inUse: readdirSync('/proc/self/fd').length - 1 };
  } catch {
    return { limit: null, inUse: 0 };
  }
}

/**
 * Says before anything is sent when the connections cannot all be opened.
 *
 * @throws UserError with what is needed, what there is and what to do
 */
export function checkDescriptors(load: LoadPlan, use: DescriptorUse = descriptorUse()): void {
  const { limit, inUse } = use;
  if (limit === null) return;
  const connections = connectionCount(load);
  const workers = Math.min(load.threads, connections);
  const rest = inUse + PER_WORKER * workers + RESERVE;
  const needed = connections + rest;
  if (needed <= limit) return;
  const fitting = limit - rest;
  const less = load.mode === 'open' ? `--max-in-flight ${fitting * load.streams}` : `-c ${fitting}`;
  throw new UserError(
    `${connections} connections with ${workers} thread${workers === 1 ? '' : 's'} need about ${needed} open files, ` +
      `and this process may have ${limit}. Nothing was sent. Raise the limit (ulimit -n ${needed})` +
      `${fitting >= 1 ? `, or give at most ${less}` : ''}.`,
  );
}
