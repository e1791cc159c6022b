/** Lists what every identifier would read in one response. */
import { isDeepStrictEqual } from 'node:util';
import type { LabelSource } from '../../plan/plan.js';
import { bodyKind } from './body-kind.js';
import { viewBody } from './body-view.js';
import { type Detected, detectIdentifier } from './detect.js';
import { compileIdentifier } from './identifier.js';
import { PRESETS } from './presets/index.js';
import type { IdentifierSample } from './presets/preset.js';
import type { Reading } from './reading-cache.js';
import { type Suggestion, suggestHeaders, suggestLines, suggestPointers } from './suggest.js';

/** An identifier that reads a label in the response. */
export interface SurveyRow extends Reading {
  readonly source: LabelSource;
  /** A run would detect it. */
  readonly chosen: boolean;
  /** Why it may not be a label, as a clause; null if nothing speaks against it. */
  readonly warning: string | null;
}

export interface Survey {
  /** What a run would detect; null if nothing. */
  readonly detected: Detected | null;
  /** The detected ones, then presets, headers, and JSON values or lines of the body. */
  readonly rows: readonly SurveyRow[];
}

interface SurveyedReply extends IdentifierSample {
  /** The gateway made the response, so nothing in its body is a label. */
  readonly fromGateway: boolean;
}

const NONE: LabelSource = { from: 'none' };
/** A text as http-echo is started with: one line, and not HTML. */
const SHORT_LINE = /^[^\r\n<][^\r\n]{0,99}$/;

/**
 * Tries every preset, and every suggested place of a label.
 *
 * @param candidates words that stand for expected versions
 * @param sent texts that the request contained: if one of them is in the response's body, it is an echo
 */
export function surveyReply(
  reply: SurveyedReply,
  candidates: readonly string[],
  sent: ReadonlySet<string>,
): Survey {
  const detected = reply.fromGateway ? null : detectIdentifier(reply, candidates);
  const kind = bodyKind(reply.fromGateway, reply.cut === true, reply.status);
  const read = (version: LabelSource, endpoint: LabelSource): Reading =>
    compileIdentifier({
      version,
      endpoint,
      candidates,
      bodyLimitBytes: reply.body.length,
      upstreamTimeStamped: false,
    }).read(reply.headers, reply.body, kind);
  const isChosen = (source: LabelSource) =>
    isDeepStrictEqual(detected?.version, source) || isDeepStrictEqual(detected?.endpoint, source);

  const view = viewBody(reply.body, false, reply.cut === true);
  const presets = PRESETS.flatMap((preset): SurveyRow[] => {
    const { name } = preset;
    const source: LabelSource = { from: 'preset', preset: name };
    const reading = read(source, source);
    const chosen = isChosen(source);
    if (reading.version === null) return [];
    // http-echo reads any body, so it is listed only for a short text.
    const anything = view.json !== undefined || !SHORT_LINE.test(reading.version);
    if (name === 'http-echo' && !chosen && anything) return [];
    const known = name === 'http-echo' || preset.recognise(reply, view, candidates) !== null;
    return [
      { source, ...reading, chosen, warning: known ? null : 'the answer does not look like that of its app' },
    ];
  });

  const suggested = ({ source, use }: Suggestion): SurveyRow[] => {
    const { version, endpoint } = use === 'version' ? read(source, NONE) : read(NONE, source);
    const label = version ?? endpoint;
    if (label === null) return [];
    return [
      { source, version, endpoint, chosen: isChosen(source), warning: warningFor(source, label, sent) },
    ];
  };
  const inBody = view.json === undefined ? suggestLines(linesOf(view.text)) : suggestPointers(view.json);
  const rows = [
    ...presets,
    ...suggestHeaders(reply.headers).flatMap(suggested),
    ...(reply.fromGateway ? [] : inBody.flatMap(suggested)),
  ];
  return {
    detected,
    rows: [...rows.filter(({ chosen }) => chosen), ...rows.filter(({ chosen }) => !chosen)],
  };
}

/** The text, if its lines can be labels: HTML, incomplete JSON and event streams have none. */
function linesOf(text: string): string {
  return /^\s*(?:[<{[:]|data:|event:)/.test(text) ? '' : text;
}

function warningFor(source: LabelSource, label: string, sent: ReadonlySet<string>): string | null {
  if (source.from === 'header' && source.name === 'x-app-version') {
    return 'the version of the http-echo program, not of the backend';
  }
  return source.from !== 'header' && sent.has(label) ? 'this request sent it' : null;
}
