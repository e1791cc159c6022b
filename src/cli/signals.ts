/** What signals do during a run: Ctrl-C ends it early and keeps what was measured; further ones wait for less and less. */
import { EXIT_CODES } from '../exit-codes.js';

/** What a signal calls for: `stop` the run and report, `force`: report at once what is at hand, `exit`, or to go on. */
export type SignalEffect = 'stop' | 'force' | 'exit' | 'continue';

export interface RunSignals {
  /** Aborted by `stop` and by `force`. */
  readonly signal: AbortSignal;
  /** Aborted by `force`. */
  readonly forceSignal: AbortSignal;
  /** How the last signal ends a run; null before any came. */
  readonly endedBy: () => EndedBySignal | null;
  /** Stops the run as a signal does. */
  readonly stop: () => void;
  /** Removes the handlers. */
  readonly release: () => void;
}

type EndedBySignal = 'interrupted' | 'terminated';
export type SignalledProcess = Pick<
  NodeJS.Process,
  'on' | 'off' | 'exit' | 'kill' | 'pid' | 'getActiveResourcesInfo'
>;

/** A terminal that is closed sends SIGHUP. */
const ENDED_BY = { SIGINT: 'interrupted', SIGTERM: 'terminated', SIGHUP: 'terminated' } as const;
type SignalName = keyof typeof ENDED_BY;
const NAMES = Object.keys(ENDED_BY) as SignalName[];

/**
 * @param decide called at each signal
 * @param self the process; a stub in tests
 */
export function runSignals(
  decide: (ending: EndedBySignal) => SignalEffect,
  self: SignalledProcess = process,
): RunSignals {
  const stop = new AbortController();
  const force = new AbortController();
  let last: EndedBySignal | null = null;
  const handle = (name: NodeJS.Signals) => {
    const ending = ENDED_BY[name as SignalName];
    last = ending;
    const effect = decide(ending);
    if (effect === 'exit') exitNow(ending);
    if (effect === 'force') force.abort();
    if (effect !== 'continue') stop.abort();
  };
  const release = () => {
    for (const name of NAMES) self.off(name, handle);
  };
  const exitNow = (ending: EndedBySignal) => {
    // `exit` would wait for the system's name look-ups, which take many seconds if no name server answers. A signal
    // without a handler ends the process at once, and for a shell with the same status.
    if (self.getActiveResourcesInfo().includes('GetAddrInfoReqWrap')) {
      release();
      self.kill(self.pid, ending === 'interrupted' ? 'SIGINT' : 'SIGTERM');
    }
    self.exit(EXIT_CODES[ending].code);
  };
  for (const name of NAMES) self.on(name, handle);
  return {
    signal: stop.signal,
    forceSignal: force.signal,
    endedBy: () => last,
    stop: () => stop.abort(),
    release,
  };
}
