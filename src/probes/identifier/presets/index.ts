import type { PresetName } from '../../../plan/plan.js';
import { bookinfo } from './bookinfo.js';
import { gatewayApiEcho } from './gateway-api-echo.js';
import { helloApp } from './hello-app.js';
import { httpEcho } from './http-echo.js';
import { httpsEcho } from './https-echo.js';
import { istioEcho } from './istio-echo.js';
import { istioHelloworld } from './istio-helloworld.js';
import { nginxHello } from './nginx-hello.js';
import { openai } from './openai.js';
import { podinfo } from './podinfo.js';
import type { Preset } from './preset.js';
import { rolloutsDemo } from './rollouts-demo.js';
import { whereami } from './whereami.js';
import { whoami } from './whoami.js';

/** All presets, in the order in which detection tries them: those that are hardest to mistake come first. */
export const PRESETS: readonly Preset[] = [
  istioEcho,
  gatewayApiEcho,
  httpsEcho,
  whereami,
  bookinfo,
  whoami,
  podinfo,
  openai,
  helloApp,
  istioHelloworld,
  nginxHello,
  rolloutsDemo,
  httpEcho,
];

/** The preset with this name. */
export function presetNamed(name: PresetName): Preset {
  return PRESETS.find((preset) => preset.name === name) as Preset;
}
