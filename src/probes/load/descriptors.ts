/** Checks that a run's connections fit into the number of files that this process may have open. */
import { readdirSync, readFileSync } from 'node:fs';
import { OptionError, type OptionNamer } from '../../errors.js';
import type { LoadPlan } from '../../plan/plan.js';
import { connectionCount } from '../lane/connection-share.js';

/** File descriptors that each thread of Node opens for its event loop (seen on Linux, Node 20). */
const PER_WORKER = 4;
/** File descriptors for the pre-flight's last connections, name look-ups and reports. */
const RESERVE = 8;

export interface DescriptorUse {
  /** Files that this process may have open; null if it is not known. */
  readonly limit: number | null;
  /** Files that it has open. */
  readonly inUse: number;
}

/**
 * The limit in force, and how many files are open. Node raises the soft limit to the hard limit when it starts.
 *
 * Read from Linux's /proc. On other systems the limit is null, and requests that exceed it fail with the outcome
 * `no-file-descriptor`.
 */
export function descriptorUse(): DescriptorUse {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8');
    const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
    if (soft === undefined) return { limit: null, inUse: 0 };
    // One of the entries is the open /proc/self/fd itself.
    return { limit: Number(soft), inUse: readdirSync('/proc/self/fd').length - 1 };
  } catch {
    return { limit: null, inUse: 0 };
  }
}

/**
 * Checks, before anything is sent, that all connections can be opened.
 *
 * @throws UserError if not: how many files are needed, how many may be open, and what to do
 */
export function checkDescriptors(load: LoadPlan, use: DescriptorUse = descriptorUse()): void {
  const { limit } = use;
  const fitting = mostConnections(load, use);
  const connections = connectionCount(load);
  if (fitting === null || connections <= fitting) return;
  const workers = Math.min(load.threads, connections);
  const needed = connections + otherFiles(load, use);
  const less = (name: OptionNamer) =>
    load.mode === 'open'
      ? `${name('load.maxInFlight')} ${fitting * load.streams}`
      : `${name('load.connections', 'short')} ${fitting}`;
  throw new OptionError(
    (name) =>
      `${connections} connections with ${workers} thread${workers === 1 ? '' : 's'} need about ${needed} open files, ` +
      `but this process may have ${limit}. Nothing was sent. Raise the limit (ulimit -n ${needed})` +
      `${fitting >= 1 ? `, or give at most ${less(name)}` : ''}.`,
  );
}

/** How many connections this process can open; null if that is not known. */
export function mostConnections(load: LoadPlan, use: DescriptorUse = descriptorUse()): number | null {
  return use.limit === null ? null : Math.max(0, use.limit - otherFiles(load, use));
}

/** Files that are open besides the connections. */
function otherFiles(load: LoadPlan, { inUse }: DescriptorUse): number {
  return inUse + PER_WORKER * Math.min(load.threads, connectionCount(load)) + RESERVE;
}
