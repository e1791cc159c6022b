/** What the limits say should happen. */
import type { LimitsResult, PredictedLimits, PredictedVersion } from '../../analysis/limits/result.js';
import { time } from '../../text/durations.js';
import { count, counted } from '../../text/numbers.js';
import { paragraph } from '../layout/page.js';
import { label, limit, MAX_VERSIONS, more, number } from '../table/columns.js';
import { limitInWords } from './limit-words.js';
import { type RankedColumn, rankedGrid } from './optional-columns.js';
import { type Found, levelInWords, sharePercent, versionName } from './words.js';

/** Empty where no limit is known. */
export function predictionSection({ limits, predicted }: LimitsResult, columns: number): string[] {
  if (predicted === null) return [];
  const shown = predicted.versions.slice(0, MAX_VERSIONS);
  const lines = [
    scope(predicted),
    ...sources(predicted),
    ...binding(limits, predicted),
    ...predicted.changes.map(({ text }) => `- ${text}`),
  ];
  return [
    ...rankedGrid(COLUMNS, shown, columns),
    ...more(predicted.versions.length - shown.length, 'versions'),
    ...lines.flatMap((line) => paragraph('', [line], 0, columns)),
  ];
}

const COLUMNS: RankedColumn<PredictedVersion>[] = [
  { column: label('Limits'), cell: ({ version }) => versionName(version), rank: 0 },
  { column: number('connections'), cell: ({ maxConnections }) => limit(maxConnections), rank: 0 },
  { column: number('waiting'), cell: ({ maxPendingRequests }) => limit(maxPendingRequests), rank: 0 },
  { column: number('requests'), cell: ({ maxRequests }) => limit(maxRequests), rank: 0 },
  { column: number('at once'), cell: ({ atOnce }) => limit(atOnce), rank: 0 },
  { column: number('share %'), cell: ({ share }) => sharePercent(share), rank: 2 },
  {
    column: number('service time'),
    cell: ({ serviceTimeMs }) => time(serviceTimeMs === null ? null : serviceTimeMs * 1_000),
    rank: 1,
  },
  {
    column: { head: 'to backends', align: 'left' },
    cell: ({ backendProtocol }) => (backendProtocol === 'h2' ? 'HTTP/2' : 'HTTP/1.1'),
    rank: 3,
  },
];

function scope({ scope: over, scopeFrom, gatewayReplicas }: PredictedLimits): string {
  const counts =
    over === 'version'
      ? 'Limits count for each version'
      : 'Limits count for all versions of the rule together';
  const replicas =
    gatewayReplicas === 1 ? '' : ` The prediction is for ${count(gatewayReplicas)} replicas of the gateway.`;
  return `${counts}: ${scopeFrom.replace(/\.$/, '')}.${replicas}`;
}

function sources({ versions }: PredictedLimits): string[] {
  const names = [...new Set(versions.flatMap(({ source }) => source ?? []))];
  return names.length === 0 ? [] : [`From ${names.slice(0, MAX_VERSIONS).join(' and ')}.`];
}

function binding(limits: Found, predicted: PredictedLimits): string[] {
  const { binding: first, knee, next } = predicted;
  // Over HTTP/2 the prediction is in requests at once, not in connections.
  const at = (level: number) =>
    limits.search === 'connections' && limits.streams > 1
      ? `${counted(Math.round(level), 'request')} at once`
      : levelInWords(limits, level);
  if (first === null || knee === null) return ['By these, no limit binds.'];
  return [
    `Full first: ${limitInWords(first, predicted)}, at ${at(knee)}.${
      next === null ? '' : ` Next: ${limitInWords(next.binding, predicted)}, at ${at(next.knee)}.`
    }`,
  ];
}
