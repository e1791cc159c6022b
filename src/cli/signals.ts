/** Ctrl-C ends a run early and keeps what was measured; a second one ends the process at once. */
import { EXIT_CODES } from '../exit-codes.js';

export interface RunSignals {
  readonly signal: AbortSignal;
  /** What `ended` says after the signal. */
  readonly endedBy: () => 'interrupted' | 'terminated';
  /** Takes the handlers off. */
  readonly release: () => void;
}

/**
 * @param onFirst called at the first signal; whether there is something to keep, or the process may end at once
 * @param self the process, or what stands for it in tests
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
