/** Names of the presets, which know where well-known apps have their version (src/probes/identifier). */
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
