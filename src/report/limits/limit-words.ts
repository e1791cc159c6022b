/** Limits in words. */
import type { BindingLimit, PredictedLimits, PredictedVersion } from '../../analysis/limits/result.js';
import { count, counted } from '../../text/numbers.js';
import { versionName } from './words.js';

const WORDS = {
  maxConnections: (value: number) => counted(value, 'connection'),
  maxPendingRequests: (value: number) => `${count(value)} waiting`,
  maxRequests: (value: number) => counted(value, 'request'),
} as const;

/** Versions whose knees differ by at most this part are full together. */
const TOGETHER = 0.1;

/** `100 connections + 50 waiting per version`, `… for v1`, `… for all versions together` */
export function limitInWords(binding: BindingLimit, predicted: PredictedLimits): string {
  const { versions, gatewayReplicas } = predicted;
  const its = versions.find(({ version }) => version === binding.version);
  const figures = binding.limits.map((name) => {
    const value = its?.[name] ?? null;
    return value === null ? name : WORDS[name](value);
  });
  const replicas = gatewayReplicas === 1 ? '' : ` at each of ${count(gatewayReplicas)} replicas`;
  return `${figures.join(' + ')} ${whose(binding, its, predicted)}${replicas}`;
}

function whose(
  { version, limits }: BindingLimit,
  its: PredictedVersion | undefined,
  { versions, knee, next }: PredictedLimits,
): string {
  if (version === null) return 'for all versions together';
  const alike = versions.every((one) => limits.every((name) => one[name] === its?.[name]));
  const areTogether = knee === null || next === null || next.knee <= (1 + TOGETHER) * knee;
  return versions.length > 1 && alike && areTogether ? 'per version' : `for ${versionName(version)}`;
}
