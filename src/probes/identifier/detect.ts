/** Which identifier fits, when the user gave none. */
import { ENDPOINT_HEADER, VERSION_HEADER } from '../../plan/labels/instrument-headers.js';
import type { LabelSource } from '../../plan/plan.js';
import { headerValue } from '../response/raw-headers.js';
import { viewBody } from './body-view.js';
import { PRESETS } from './presets/index.js';
import type { IdentifierSample } from './presets/preset.js';

/** What detection chose. */
export interface Detected {
  readonly version: LabelSource;
  readonly endpoint: LabelSource;
  /** A clause for the report: "the body is JSON with version and hostname". */
  readonly why: string;
}

const NONE: LabelSource = { from: 'none' };

/**
 * What to read version and endpoint from, judged by one successful response. Null when nothing fits: with
 * another status than 2xx, or in a body of no known shape. The headers of `weighbridge instrument` are made for
 * it, unlike `x-app-version` and its like, and come before anything in the body.
 */
export function detectIdentifier(sample: IdentifierSample, candidates: readonly string[]): Detected | null {
  if (sample.status < 200 || sample.status > 299) return null;
  const endpointHeader = detectEndpointHeader(sample);
  if (headerValue(sample.headers, VERSION_HEADER)) {
    return {
      version: { from: 'header', name: VERSION_HEADER },
      endpoint: endpointHeader ?? NONE,
      why: `the answer has the header ${VERSION_HEADER}`,
    };
  }
  const body = viewBody(sample.body, false, sample.cut ?? false);
  for (const preset of PRESETS) {
    const why = preset.recognise(sample, body, candidates);
    if (why === null) continue;
    const source: LabelSource = { from: 'preset', preset: preset.name };
    return { version: source, endpoint: endpointHeader ?? (preset.endpoint === null ? NONE : source), why };
  }
  return null;
}

/** The header that tells the endpoint by itself, or null where this response has none. */
export function detectEndpointHeader({ headers }: Pick<IdentifierSample, 'headers'>): LabelSource | null {
  return headerValue(headers, ENDPOINT_HEADER) ? { from: 'header', name: ENDPOINT_HEADER } : null;
}

const MAX_SHOWN_BYTES = 2048;
const MAX_SHOWN_LINES = 5;
const MAX_SHOWN_COLUMNS = 100;

/** What moves the cursor, hides or reorders text; tabs and line ends are dealt with before. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** The first lines of a body, fit for a terminal: at most five of 100 characters, without control characters. */
export function describeBody(body: Buffer): string {
  if (body.length === 0) return '(empty)';
  const text = body.toString('utf8', 0, Math.min(body.length, MAX_SHOWN_BYTES));
  const lines = text
    .split(/\r\n|\n|\r/)
    .map((line) => line.replaceAll('\t', '  ').replace(CONTROL, '').trimEnd())
    .filter((line) => line !== '');
  if (lines.length === 0) return `(${body.length} bytes, nothing printable)`;
  const shown = lines
    .slice(0, MAX_SHOWN_LINES)
    .map((line) => (line.length > MAX_SHOWN_COLUMNS ? `${line.slice(0, MAX_SHOWN_COLUMNS - 1)}…` : line));
  const cut = lines.length > MAX_SHOWN_LINES || body.length > MAX_SHOWN_BYTES;
  return [...shown, ...(cut ? ['…'] : [])].join('\n');
}
