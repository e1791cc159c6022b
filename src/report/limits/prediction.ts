/** What the limits say should happen. */
import type {
  BindingLimit,
  LimitsResult,
  PredictedLimits,
  PredictedVersion,
} from '../../analysis/limits/result.js';
import { time } from '../../text/durations.js';
import { count } from '../../text/numbers.js';
import type { GridData } from '../layout/grid.js';
import { paragraph } from '../layout/page.js';
import { label, limit, MAX_VERSIONS, more, number } from '../table/columns.js';
import { limitInWords } from './limit-words.js';
import { type RankedColumn, rankedData, rankedGrid } from './optional-columns.js';
import { type Found, levelInWords, sharePercent, versionName } from './words.js';

/** Empty where no limit is known. */
export function predictionSection({ limits, predicted }: LimitsResult, columns: number): string[] {
  if (predicted === null) return [];
  const shown = predicted.versions.slice(0, MAX_VERSIONS);
  const lines = predictionLines(limits, predicted);
  return [
    ...rankedGrid(COLUMNS, shown, columns),
    ...more(predicted.versions.length - shown.length, 'versions'),
    ...lines.flatMap((line) => paragraph('', [line], 0, columns)),
  ];
}

/** What counts over what, what is full first, and what to change. */
export function predictionLines(limits: Found, predicted: PredictedLimits): string[] {
  return [scope(predicted), ...sources(predicted), ...binding(limits, predicted), ...changes(predicted)];
}

export function predictionTable({ versions }: PredictedLimits): GridData {
  return rankedData(COLUMNS, versions);
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
  const of = over === 'version' ? 'each version by itself' : 'all versions of the rule together';
  const replicas =
    gatewayReplicas === 1 ? '' : ` The prediction is for ${count(gatewayReplicas)} replicas of the gateway.`;
  return `Limits count for ${of} (${scopeFrom}).${replicas}`;
}

function sources({ versions }: PredictedLimits): string[] {
  const names = [...new Set(versions.flatMap(({ source }) => source ?? []))];
  return names.length === 0 ? [] : [`From ${names.slice(0, MAX_VERSIONS).join(' and ')}.`];
}

function binding(limits: Found, predicted: PredictedLimits): string[] {
  const { binding: first, knee, next } = predicted;
  if (first === null || knee === null) return ['By these, no limit binds.'];
  const at = (one: BindingLimit, level: number) =>
    `${limitInWords(one, predicted)}, at ${levelInWords(limits, level)}.`;
  return [
    `Full first: ${at(first, knee)}${next === null || next.knee <= knee ? '' : ` Next: ${at(next.binding, next.knee)}`}`,
  ];
}

function changes({ changes: all }: PredictedLimits): string[] {
  if (all.length === 0) return [];
  const items = all
    .slice(0, MAX_VERSIONS)
    .map(({ version, text }) => `- ${version === null ? '' : `${versionName(version)}: `}${text}`);
  return ['To reach the knee that is wanted:', ...items];
}
