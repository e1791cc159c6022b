/**
 * The Gateway API conformance suite's echo server: JSON with `namespace`, `pod` and, under
 * `headers`, the request's headers, where a header named `pod` does not count. The version is the pod's workload.
 */
import { workloadOf } from '../../../plan/labels/pod-name.js';
import { stringField } from '../body-view.js';
import type { Preset } from './preset.js';

export const gatewayApiEcho: Preset = {
  name: 'gateway-api-echo',
  version(body) {
    const pod = stringField(body.json, 'pod');
    return pod === null ? null : workloadOf(pod);
  },
  endpoint: (body) => stringField(body.json, 'pod'),
  recognise: (_sample, body) =>
    stringField(body.json, 'pod') !== null && stringField(body.json, 'namespace') !== null
      ? 'the body is JSON with namespace and pod'
      : null,
};
