import type { PresetName } from '../../plan/plan.js';
import { gatewayApiEcho } from './gateway-api-echo.js';
import { httpEcho } from './http-echo.js';
import { istioEcho } from './istio-echo.js';
import { podinfo } from './podinfo.js';
import type { Preset } from './preset.js';

/** All presets, in the order in which detection tries them: what is surest comes first. */
export const PRESETS: readonly Preset[] = [istioEcho, gatewayApiEcho, podinfo, httpEcho];

/** The preset with this name. */
export function presetNamed(name: PresetName): Preset {
  return PRESETS.find((preset) => preset.name === name) as Preset;
}
