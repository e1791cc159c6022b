/**
 * mendhak/http-https-echo: JSON with the pod's name under `os`. All else is the request: `hostname` is its Host,
 * `headers`, `query`, `body` and `json` are what was sent. The version is the pod's workload.
 */
import { workloadOf } from '../../../plan/labels/pod-name.js';
import { field, stringField } from '../body-view.js';
import type { Preset } from './preset.js';

export const httpsEcho: Preset = {
  name: 'https-echo',
  version({ json }) {
    const pod = stringField(field(json, 'os'), 'hostname');
    return pod === null ? null : workloadOf(pod);
  },
  endpoint: ({ json }) => stringField(field(json, 'os'), 'hostname'),
  recognise: (_sample, { json }) =>
    stringField(field(json, 'os'), 'hostname') !== null && typeof field(json, 'connection') === 'object'
      ? 'the body is JSON with os.hostname and connection'
      : null,
};
