/**
 * Google's whereami: JSON with `pod_name` and `metadata`, a word that a Deployment may set. The response of a service
 * that it called is nested under `backend_result`, and the request's headers, if echoed, under `headers`.
 */
import { workloadOf } from '../../../plan/labels/pod-name.js';
import { stringField } from '../body-view.js';
import type { Preset } from './preset.js';

export const whereami: Preset = {
  name: 'whereami',
  version({ json }) {
    const pod = stringField(json, 'pod_name');
    return stringField(json, 'metadata') || (pod === null ? null : workloadOf(pod));
  },
  endpoint: ({ json }) => stringField(json, 'pod_name'),
  recognise: (_sample, { json }) =>
    stringField(json, 'pod_name') !== null && stringField(json, 'timestamp') !== null
      ? 'the body is JSON with pod_name and timestamp'
      : null,
};
