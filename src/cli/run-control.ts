/** What signals and internal errors do to a run of the command line, by how far it has come. */
import { EXIT_CODES } from '../exit-codes.js';
import { catchInternalErrors, endProcess, tellInternalError } from './internal-error.js';
import { runSignals, type SignalEffect } from './signals.js';

/** Before the load, during it, waiting for the gateway's log, writing reports. */
type Stage = 'before' | 'load' | 'waiting' | 'writing';

export interface RunControl {
  stage: Stage;
  readonly signal: AbortSignal;
  readonly forceSignal: AbortSignal;
  /** How a run ends whose `signal` came; an error if it was an internal one. */
  readonly endedBy: () => 'interrupted' | 'terminated' | Error;
  /** An internal error came while reports were written, and was told. */
  readonly failedWriting: () => boolean;
  /** Signals and errors get their usual effect again. */
  readonly release: () => void;
}

/** @param say prints a line */
export function controlRun(say: (text: string) => void): RunControl {
  let seen = 0;
  let isToldWriting = false;
  let failure: Error | null = null;
  let failedWriting = false;

  const decide = (what: string): SignalEffect => {
    switch (control.stage) {
      case 'before':
        say(`${what} before the load began; nothing was measured.`);
        return 'exit';
      case 'writing':
        seen += 1;
        if (isToldWriting || seen > 2) return exit(what);
        isToldWriting = true;
        say(`${what}; the reports are being written (another signal exits at once)`);
        return 'continue';
      default:
        return stopLoad(what);
    }
  };
  const exit = (what: string): SignalEffect => {
    say(`${what} again: the end at once; outputs may be missing.`);
    return 'exit';
  };
  const stopLoad = (what: string): SignalEffect => {
    seen += 1;
    if (seen > 2) return exit(what);
    if (seen === 2) {
      say('a second signal: nothing is waited for any more (a third one exits at once)');
      return 'force';
    }
    const kept =
      control.stage === 'waiting'
        ? 'no longer waiting for the event log; the load had ended, and the whole report follows'
        : 'the report on what was measured so far follows';
    say(`${what}; ${kept} (a second signal waits for nothing)`);
    return 'stop';
  };

  const signals = runSignals(decide);
  const releaseErrors = catchInternalErrors((error) => {
    // Before the load there is nothing to report.
    if (control.stage === 'before') endProcess(error);
    if (failure !== null) return;
    failure = error;
    if (control.stage === 'writing') {
      tellInternalError(error, ' It came while the reports were written.');
      // Also if what failed is why the reports never end.
      process.exitCode = EXIT_CODES.internalError.code;
      failedWriting = true;
    } else {
      signals.stop();
    }
  });
  const control: RunControl = {
    stage: 'before',
    signal: signals.signal,
    forceSignal: signals.forceSignal,
    endedBy: () => failure ?? signals.endedBy() ?? 'interrupted',
    failedWriting: () => failedWriting,
    release: () => {
      signals.release();
      releaseErrors();
    },
  };
  return control;
}
