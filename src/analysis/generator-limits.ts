/** What this machine limited, and not the gateway: requests that it could not send, and threads that had no time left. */

import { CROWDED_SHARE, type GeneratorUse, NEAR_CEILING_SHARE } from '../blocks/generator-use.js';
import type { NoteCode } from '../plan/note-code.js';
import type { Note } from '../plan/plan.js';
import { inSeconds } from '../text/durations.js';
import { count, counted } from '../text/numbers.js';
import { percentOf } from './notes/note-maker.js';
import type { LoadResult, RunResult } from './result.js';

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

/** A thread that was near its ceiling for less than this part of the load, or less than this time, is not worth a word. */
const WORTH_SHARE = 0.1;
const WORTH_MS = 1_000;
/** From this share of work without a core on, others matter although no thread is busy. */
const CROWDED_ALONE_SHARE = 0.25;

export function generatorLimits({ failures, generator, load }: RunResult): Note[] {
  const failed = LIMITS.flatMap(([kind, what]) => {
    const count = failures[kind] ?? 0;
    if (count === 0) return [];
    return [{ code: kind, text: `${counted(count, 'request')} ${what}` }];
  });
  return [...failed, ...generatorBusy(generator, load)];
}

/**
 * Whether the generator was near its ceiling: a thread that worked for at least {@link NEAR_CEILING_SHARE} of the time, in the whole load or
 * in a second and a tenth of it; or a thread that had work and no core for a quarter of the time. It changes no verdict: shares are the same at any rate.
 *
 * @param use null: not known, and nothing is said
 * @param isSearch the load was raised by a search for limits, so that no option gives its rate
 */
export function generatorBusy(
  use: GeneratorUse | null,
  load: Pick<LoadResult, 'mode' | 'driver'>,
  isSearch = false,
): Note[] {
  if (use === null || use.durationMs < WORTH_MS) return [];
  const { busyShare, nearCeilingMs, mainBusyShare, durationMs } = use;
  const isLong = nearCeilingMs >= WORTH_MS && nearCeilingMs >= WORTH_SHARE * durationMs;
  const isWorker = busyShare >= NEAR_CEILING_SHARE || isLong;
  const isMain = mainBusyShare >= NEAR_CEILING_SHARE;
  if (!isWorker && !isMain && (use.noCoreShare ?? 0) < CROWDED_ALONE_SHARE) return [];
  const sentences = [
    `${isWorker ? worker(use) : isMain ? mainThread(use) : noCore(use)}: the generator, not the gateway, may have limited the rate and added to the latencies.`,
    ...(isWorker || isMain ? crowded(use) : []),
    ...(load.mode === 'closed' && isWorker && !isSearch ? [CLOSED_LOOP] : []),
    ...advice(use, load, isWorker, isSearch),
  ];
  return [{ code: 'generator-busy', text: sentences.join(' ') }];
}

const CLOSED_LOOP =
  'A closed loop against a quick gateway always ends there: the rate is then what this client can send.';

function worker({ busyShare, nearCeilingMs, threads, durationMs }: GeneratorUse): string {
  const who =
    threads === 1 ? "The generator's thread was" : `One of the generator's ${count(threads)} threads was`;
  if (busyShare >= NEAR_CEILING_SHARE) return `${who} ${percentOf(busyShare, 1)} busy`;
  return `${who} at least ${percentOf(NEAR_CEILING_SHARE, 1)} busy for ${inSeconds(nearCeilingMs)} of ${inSeconds(durationMs)}`;
}

function mainThread({ mainBusyShare }: GeneratorUse): string {
  return `The main thread, which counts the results, was ${percentOf(mainBusyShare, 1)} busy`;
}

function noCore({ noCoreShare }: Pick<GeneratorUse, 'noCoreShare'>): string {
  return `For ${percentOf(noCoreShare ?? 0, 1)} of the time a thread of the generator had work and no core, because others had them all`;
}

function crowded(use: GeneratorUse): string[] {
  return (use.noCoreShare ?? 0) < CROWDED_SHARE ? [] : [`${noCore(use)}.`];
}

function advice(
  { threads, cores }: GeneratorUse,
  { mode, driver }: Pick<LoadResult, 'mode' | 'driver'>,
  isWorker: boolean,
  isSearch: boolean,
): string[] {
  const hasCore = threads < cores;
  const rate = mode === 'open' ? 'a lower rate (-q)' : 'a fixed rate (-q)';
  const ways = [
    ...(isWorker && hasCore ? [`--threads ${threads + 1}`] : []),
    ...(isWorker && driver === 'undici' ? ['--driver wire'] : []),
    ...(isSearch ? [] : [rate]),
  ];
  return [
    ...(ways.length === 0 ? [] : [`What helps: ${ways.join(', ')}.`]),
    ...(isWorker && hasCore ? [] : [`This machine has ${counted(cores, 'core')}: more takes a larger one.`]),
    'weighbridge doctor says what this machine can send.',
  ];
}
