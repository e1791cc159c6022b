/** Ctrl-C ends a run early and keeps what was measured; a second one ends the process at once. */
import { EXIT_CODES } from '../exit-codes.js';

export interface RunSignals {
  readonly signal: AbortSignal;
  /** The value of `ended` after the signal. */
  readonly endedBy: () => 'interrupted' | 'terminated';
  /** Removes the handlers. */
  readonly release: () => void;
}

/**
 * @param onFirst called at the first signal; `keep`: there is something to report, `end`: the process may end at once
 * @param self the process; a stub in tests
 */
export function runSignals(
  onFirst: (name: NodeJS.Signals) => 'keep' | 'end',
  self: Pick<NodeJS.Process, 'on' | 'off' | 'exit'> = process,
): RunSignals {
  const controller = new AbortController();
  let terminated = false;
  const handle = (name: NodeJS.Signals) => {
    const again = controller.signal.aborted;
    if (again || onFirst(name) === 'end')
      self.exit(EXIT_CODES[name === 'SIGTERM' ? 'terminated' : 'interrupted'].code);
    terminated = name === 'SIGTERM';
    controller.abort();
  };
  self.on('SIGINT', handle);
  self.on('SIGTERM', handle);
  return {
    signal: controller.signal,
    endedBy: () => (terminated ? 'terminated' : 'interrupted'),
    release: () => {
      self.off('SIGINT', handle);
      self.off('SIGTERM', handle);
    },
  };
}
