/** Names of the presets: how well-known demo apps tell their version (src/probes/identifier). */
export const PRESET_NAMES = [
  'http-echo',
  'podinfo',
  'istio-echo',
  'gateway-api-echo',
  'istio-helloworld',
  'bookinfo',
  'whoami',
  'rollouts-demo',
  'hello-app',
  'nginx-hello',
  'whereami',
  'https-echo',
  'openai',
] as const;
