/** Ctrl-C ends a run early and keeps what was measured; a second one ends the process at once. */

export interface RunSignals {
  readonly signal: AbortSignal;
  /** What `ended` says after the signal. */
  readonly endedBy: () => 'interrupted' | 'terminated';
  /** Takes the handlers off. */
  readonly release: () => void;
}

export function runSignals(onFirst: (name: string) => void): RunSignals {
  const controller = new AbortController();
  let terminated = false;
  const handle = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) process.exit(name === 'SIGTERM' ? 143 : 130);
    terminated = name === 'SIGTERM';
    onFirst(name);
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
