/**
 * stefanprodan/podinfo: JSON with `version` and `hostname` (the pod). It answers HTML, in which neither is
 * looked for, to a User-Agent that begins with Mozilla.
 */
import { stringField } from '../body-view.js';
import type { Preset } from './preset.js';

export const podinfo: Preset = {
  name: 'podinfo',
  version: (body) => stringField(body.json, 'version'),
  endpoint: (body) => stringField(body.json, 'hostname'),
  recognise: (_sample, body) =>
    stringField(body.json, 'version') !== null && stringField(body.json, 'hostname') !== null
      ? 'the body is JSON with version and hostname'
      : null,
};
