/**
 * stefanprodan/podinfo: JSON with `version` and `hostname` (the pod). To a User-Agent that
 * begins with Mozilla it answers HTML, which is not read.
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
