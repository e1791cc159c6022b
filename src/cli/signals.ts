/** Ctrl-C ends a run early and keeps what was measured; a second one ends the process at once. */

export interface RunSignals {
  readonly signal: AbortSignal;
  /** What `ended` says after the signal. */
  readonly endedBy: () => 'interrupted' | 'terminated';
  /** Takes the handlers off. */
  readonly release: () => void;
}

/**
 * @param onFirst called at the first signal; whether there is something to keep, or the process may end at once
 */
export function runSignals(onFirst: (name: NodeJS.Signals) => 'keep' | 'end'): RunSignals {
  const controller = new AbortController();
  let terminated = false;
  const handle = (name: NodeJS.Signals) => {
    const again = controller.signal.aborted;
    if (again || onFirst(name) === 'end') process.exit(name === 'SIGTERM' ? 143 : 130);
    terminated = name === 'SIGTERM';
    controller.abort();
  };
  process.on('SIGINT', handle);
  process.on('SIGTERM', handle);
  return {
    signal: controller.signal,
    endedBy: () => (terminated ? 'terminated' : 'interrupted'),
    release: () => {
      process.off('SIGINT', handle);
      process.off('SIGTERM', handle);
    },
  };
}
