/**
 * argoproj/rollouts-demo, `/color`: a colour as a JSON string, `"blue"`. It expects a POST with the body `[]`,
 * and answers 502 to an empty body. When it is set to fail, it answers 502 with its colour.
 */
import { headerValue } from '../../response/raw-headers.js';
import type { BodyView } from '../body-view.js';
import type { Preset } from './preset.js';

const WORD = /^[\w.-]{1,63}$/;

/** The string. In an error page it may be anything, so it has to be one of the candidates. */
function version({ json, doubtful }: BodyView, candidates: readonly string[]): string | null {
  if (typeof json !== 'string') return null;
  return doubtful && !candidates.includes(json) ? null : json;
}

export const rolloutsDemo: Preset = {
  name: 'rollouts-demo',
  version,
  endpoint: null,
  recognise: (sample, { json }) =>
    typeof json === 'string' && WORD.test(json) && headerValue(sample.headers, 'x-app-name') === null
      ? 'the body is a JSON string'
      : null,
};
