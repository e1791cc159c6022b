/** Detects where a response has its version and endpoint, if the user did not say. */
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
  /** Why, as a clause for the report: "the body is JSON with version and hostname". */
  readonly why: string;
}

const NONE: LabelSource = { from: 'none' };

/**
 * Detects the label sources by one successful response. The headers that `weighbridge instrument` adds come first,
 * because they are made for this purpose, unlike `x-app-version` and the like; then the presets in their order.
 *
 * @param candidates words that stand for expected versions
 * @returns null if the status is not 2xx, or no preset recognises the body
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

/** The endpoint header that `weighbridge instrument` adds, as a source; null if this response does not have it. */
export function detectEndpointHeader({ headers }: Pick<IdentifierSample, 'headers'>): LabelSource | null {
  return headerValue(headers, ENDPOINT_HEADER) ? { from: 'header', name: ENDPOINT_HEADER } : null;
}
