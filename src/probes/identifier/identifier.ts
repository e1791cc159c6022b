/**
 * The identifier: reads version and endpoint from a response. It runs for every response, so as much as possible is
 * done when it is compiled, and what was read in a short body is remembered.
 */
import { compileBodySearch } from '../../plan/labels/body-search.js';
import type { IdentifyPlan, LabelSource } from '../../plan/plan.js';
import { type BodyBytes, wholeBody } from '../body-bytes.js';
import { type HeaderFields, headerValue } from '../response/raw-headers.js';
import type { BodyKind } from './body-kind.js';
import { type BodyView, viewBody } from './body-view.js';
import { compilePointer } from './json-pointer.js';
import { presetNamed } from './presets/index.js';
import { type Reading, ReadingCache } from './reading-cache.js';

/** Reads the labels in responses, as the plan says. */
export interface Identifier {
  /** Whether `read` needs the body. If not, bodies need not be kept. */
  readonly needsBody: boolean;
  /** See LaneOwner.firstByteAtBody. */
  readonly firstByteAtBody: boolean;
  /**
   * Reads the labels of one response. The object may be used again for the next one.
   *
   * @param headers flat: name, value, name, value, …; or what gives the values
   * @param body the body up to the plan's `bodyLimitBytes`; ignored if `needsBody` is false
   * @param kind `answer` by default
   */
  read(headers: Headers, body: Body, kind?: BodyKind): Reading;
}

/** Characters of a label that are kept. */
const MAX_LABEL_LENGTH = 256;

type Headers = readonly Buffer[] | HeaderFields;
type Body = Buffer | BodyBytes;
type Reader<Input> = (input: Input) => string | null;

const nothing: Reader<unknown> = () => null;
const NOTHING: Reading = Object.freeze({ version: null, endpoint: null });

/**
 * Makes the identifier for a plan. Labels are cut to 256 characters; an empty text is not a label. If a header occurs
 * several times, the first one is read. Header values are Latin-1, bodies UTF-8.
 */
export function compileIdentifier(plan: IdentifyPlan): Identifier {
  const { version, endpoint } = plan;
  const headerVersion = headerReader(version);
  const headerEndpoint = headerReader(endpoint);
  const bodyVersion = bodyReader(version, 'version', plan.candidates);
  const bodyEndpoint = bodyReader(endpoint, 'endpoint', plan.candidates);

  // One object for all responses, since there is a response to each request.
  const reading = { version: null as string | null, endpoint: null as string | null };
  const readHeaders = (headers: Headers): Reading => {
    reading.version = (headerVersion ?? nothing)(headers);
    reading.endpoint = (headerEndpoint ?? nothing)(headers);
    return reading;
  };
  const firstByteAtBody = [version, endpoint].some(
    (source) => source.from === 'preset' && presetNamed(source.preset).firstByteAt === 'body',
  );
  if (bodyVersion === null && bodyEndpoint === null) {
    return { needsBody: false, firstByteAtBody, read: readHeaders };
  }

  const cacheOf = (kind: BodyKind) =>
    new ReadingCache(({ bytes }) => {
      const view = viewBody(bytes, kind !== 'answer', kind === 'cut');
      return { version: (bodyVersion ?? nothing)(view), endpoint: (bodyEndpoint ?? nothing)(view) };
    });
  const caches = { answer: cacheOf('answer'), doubtful: cacheOf('doubtful'), cut: cacheOf('cut') };
  const readBody = (body: Body, kind: BodyKind): Reading =>
    kind === 'gateway' ? NOTHING : caches[kind].get('bytes' in body ? body : wholeBody(body));
  if (headerVersion === null && headerEndpoint === null) {
    return {
      needsBody: true,
      firstByteAtBody,
      read: (_headers, body, kind = 'answer') => readBody(body, kind),
    };
  }
  return {
    needsBody: true,
    firstByteAtBody,
    read(headers, body, kind = 'answer') {
      const fromBody = readBody(body, kind);
      readHeaders(headers);
      if (headerVersion === null) reading.version = fromBody.version;
      if (headerEndpoint === null) reading.endpoint = fromBody.endpoint;
      return reading;
    },
  };
}

function headerReader(source: LabelSource): Reader<Headers> | null {
  if (source.from !== 'header') return null;
  const name = source.name.toLowerCase();
  return (headers) => labelOf('header' in headers ? headers.header(name) : headerValue(headers, name));
}

function bodyReader(
  source: LabelSource,
  what: 'version' | 'endpoint',
  candidates: readonly string[],
): Reader<BodyView> | null {
  switch (source.from) {
    case 'header':
    case 'none':
      return null;
    case 'body': {
      const { regex } = compileBodySearch(source.pattern, source.flags);
      return ({ text, cut }) => {
        const match = regex.exec(text);
        if (match !== null && cut && match.index + match[0].length === text.length) return null;
        // Each alternative of the pattern may have a group: the label is the first group that matched.
        return match === null ? null : labelOf(match.slice(1).find((group) => group !== undefined));
      };
    }
    case 'json': {
      const pick = compilePointer(source.pointer);
      return (body) => labelOf(pick(body.json));
    }
    case 'preset': {
      const preset = presetNamed(source.preset);
      if (what === 'version') return (body) => labelOf(preset.version(body, candidates));
      const { endpoint } = preset;
      return endpoint === null ? null : (body) => labelOf(endpoint(body));
    }
  }
}

/** A value as a label: a text, a number or a boolean; null for anything else. */
function labelOf(value: unknown): string | null {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string' || value === '') return null;
  if (value.length <= MAX_LABEL_LENGTH) return value;
  // Does not split a surrogate pair.
  return value.slice(
    0,
    value.codePointAt(MAX_LABEL_LENGTH - 1)! > 0xffff ? MAX_LABEL_LENGTH - 1 : MAX_LABEL_LENGTH,
  );
}
