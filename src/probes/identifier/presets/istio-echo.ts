/**
 * Istio's echo server: lines `ServiceVersion=v1`, `Hostname=POD`. The request's headers come back as lines
 * `RequestHeader=Name:value`, so a key counts only at the start of a line.
 */
import { lineValue } from '../body-view.js';
import type { Preset } from './preset.js';

const VERSION = 'ServiceVersion=';
const HOSTNAME = 'Hostname=';

export const istioEcho: Preset = {
  name: 'istio-echo',
  version: (body) => lineValue(body.text, VERSION),
  endpoint: (body) => lineValue(body.text, HOSTNAME),
  recognise: (_sample, body) =>
    lineValue(body.text, VERSION) !== null && lineValue(body.text, HOSTNAME) !== null
      ? 'the body has lines ServiceVersion= and Hostname='
      : null,
};
