/** The options of `weighbridge instrument`. */
import { contradiction, UserError } from '../../errors.js';
import { type Input, inputsIn } from '../outputs/inputs.js';
import { type Flags, many, on, toggle, value } from './flags.js';

export const INSTRUMENT_FLAGS = {
  manifest: value('manifests with routes: a file, a folder, or - for standard input; may be repeated', {
    alias: 'f',
    reads: 'manifests',
    shown: '-f',
    common: true,
  }),
  undo: toggle('remove what instrument added', { common: true }),
  'no-endpoints': toggle('do not add the EnvoyFilter, which shows pod addresses to every client', {
    common: true,
  }),
  force: toggle('add filters also if the gateway is known not to apply them', { common: true }),
};

export interface InstrumentOptions {
  /** Files, folders and `-`; at least one. */
  readonly manifests: readonly string[];
  readonly inputs: readonly Input[];
  readonly undo: boolean;
  readonly endpoints: boolean;
  readonly force: boolean;
}

/** @throws UserError naming the flag */
export function parseInstrument(flags: Flags): InstrumentOptions {
  const [undo, noEndpoints] = [on(flags, 'undo'), on(flags, 'no-endpoints')];
  if (undo && noEndpoints) {
    throw contradiction('--undo', '--no-endpoints', '--undo removes both headers');
  }
  if (undo && on(flags, 'force')) {
    throw contradiction('--undo', '--force', '--undo adds no filters');
  }
  const manifests = many(flags, 'manifest');
  if (manifests.length === 0)
    throw new UserError('Nothing to instrument. Give manifests with routes with -f.');
  return {
    manifests,
    inputs: inputsIn(INSTRUMENT_FLAGS, flags),
    undo,
    endpoints: !noEndpoints,
    force: on(flags, 'force'),
  };
}
