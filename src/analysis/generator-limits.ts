/** Requests that failed because of this machine, not of the gateway. */

import type { NoteCode } from '../plan/note-code.js';
import type { Note } from '../plan/plan.js';
import { counted } from '../text/numbers.js';
import type { RunResult } from './result.js';

/** What happened to a request, and what to do, by kind of failure. */
const LIMITS: readonly (readonly [kind: NoteCode, what: string])[] = [
  [
    'no-file-descriptor',
    'could not open a connection because this machine has no file descriptor left for it: raise the limit of open ' +
      'files (ulimit -n), or use fewer connections (-c).',
  ],
  [
    'no-local-port',
    'could not open a connection because every local port of this machine was in use; a closed connection keeps ' +
      'its port for a minute or more. Fewer new connections (keep-alive, a larger --requests-per-connection), or more ' +
      'ports (net.ipv4.ip_local_port_range), avoid it.',
  ],
];

export function generatorLimits({ failures }: RunResult): Note[] {
  return LIMITS.flatMap(([kind, what]) => {
    const count = failures[kind] ?? 0;
    if (count === 0) return [];
    return [{ code: kind, text: `${counted(count, 'request')} ${what}` }];
  });
}
