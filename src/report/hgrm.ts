/**
 * Percentiles of latency as HdrHistogram prints them (`outputPercentileDistribution`, the format .hgrm): what HdrHistogram's plotter
 * and others read, a file for each line of the plot.
 */
import type { LatencyResult, RunResult } from '../analysis/result.js';
import { hdrLibrary } from '../hdr-library.js';
import { shortName } from './layout/text.js';

/** Of HdrHistogram's own output: how many steps from a percentile to half of what is left above it. */
const TICKS_PER_HALF_DISTANCE = 5;
const US_PER_MS = 1000;

/** A version's text, by the version's name. */
export interface VersionText {
  readonly version: string;
  readonly text: string;
}

/** Of the answers of all backends. */
export function percentileLog(result: RunResult): string {
  return logOf(result, 'all backends', result.backends.latencyUs);
}

/** Of each version's answers, those without answers too: a file of an earlier run must not stand for them. */
export function percentileLogs(result: RunResult): VersionText[] {
  return result.versions.map(({ version, latencyUs }) => ({
    version,
    text: logOf(result, `version "${shortName(version)}"`, latencyUs),
  }));
}

function logOf({ startedAt }: RunResult, whose: string, latency: LatencyResult): string {
  const [head = '', ...rest] = distribution(latency).split('\n');
  // The unit where vegeta has it. HdrHistogram's own output has none.
  const lines = [head.replace('    Value', 'Value(ms)'), ...rest];
  return `${lines.join('\n')}# Latency in ms of answers of ${whose}, in the run of ${startedAt}.\n`;
}

function distribution({ histogram, max }: LatencyResult): string {
  const all = hdrLibrary().decodeFromCompressedBase64(histogram);
  // What it reads from the text is the lower end of the highest bucket.
  const text = Object.assign(all, { maxValue: max ?? 0 }).outputPercentileDistribution(
    TICKS_PER_HALF_DISTANCE,
    US_PER_MS,
  );
  // Of no values it prints a mean and a maximum of 0.
  return max === null ? `${text.slice(0, text.indexOf('#'))}# No answers.\n` : text;
}
