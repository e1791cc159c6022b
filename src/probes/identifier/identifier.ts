/**
 * The identifier: reads version and endpoint from a response. It runs once per response, so everything that
 * can be is done when it is compiled, and short bodies that came before are not read again.
 */
import type { IdentifyPlan, LabelSource } from '../../plan/plan.js';
import { headerValue } from '../response/raw-headers.js';
import type { BodyKind } from './body-kind.js';
import { type BodyView, viewBody } from './body-view.js';
import { compilePointer } from './json-pointer.js';
import { presetNamed } from './presets/index.js';
import { type Reading, ReadingCache } from './reading-cache.js';

/** Reads responses by a plan. */
export interface Identifier {
  /** Whether `read` looks at the body; when not, bodies need not be kept. */
  readonly needsBody: boolean;
  /** A response's first byte is the first of its body, not the end of its head. */
  readonly firstByteAtBody: boolean;
  /**
   * @param headers flat: name, value, name, value, …
   * @param body the body, as far as the plan's `bodyLimitBytes`; any buffer when `needsBody` is false
   * @param kind `answer` when not given
   */
  read(headers: readonly Buffer[], body: Buffer, kind?: BodyKind): Reading;
}

/** Characters of a label that are kept. */
const MAX_LABEL_LENGTH = 256;

type Reader<Input> = (input: Input) => string | null;

const nothing: Reader<unknown> = () => null;
const NOTHING: Reading = Object.freeze({ version: null, endpoint: null });

/**
 * Makes the identifier for a plan. Labels are cut to 256 characters, and an empty label is none. Of a header
 * that comes several times the first is read; header values are Latin-1, bodies UTF-8.
 */
export function compileIdentifier(plan: IdentifyPlan): Identifier {
  const { version, endpoint } = plan;
  const headerVersion = headerReader(version);
  const headerEndpoint = headerReader(endpoint);
  const bodyVersion = bodyReader(version, 'version', plan.candidates);
  const bodyEndpoint = bodyReader(endpoint, 'endpoint', plan.candidates);

  const readHeaders = (headers: readonly Buffer[]): Reading => ({
    version: (headerVersion ?? nothing)(headers),
    endpoint: (headerEndpoint ?? nothing)(headers),
  });
  const firstByteAtBody = [version, endpoint].some(
    (source) => source.from === 'preset' && presetNamed(source.preset).firstByteAt === 'body',
  );
  if (bodyVersion === null && bodyEndpoint === null) {
    return { needsBody: false, firstByteAtBody, read: readHeaders };
  }

  const caches = { answer: new ReadingCache(), doubtful: new ReadingCache(), cut: new ReadingCache() };
  const readBody = (body: Buffer, kind: BodyKind): Reading => {
    if (kind === 'gateway') return NOTHING;
    return caches[kind].get(body, () => {
      const view = viewBody(body, kind !== 'answer', kind === 'cut');
      return { version: (bodyVersion ?? nothing)(view), endpoint: (bodyEndpoint ?? nothing)(view) };
    });
  };
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
      const fromHeaders = readHeaders(headers);
      const fromBody = readBody(body, kind);
      return {
        version: headerVersion === null ? fromBody.version : fromHeaders.version,
        endpoint: headerEndpoint === null ? fromBody.endpoint : fromHeaders.endpoint,
      };
    },
  };
}

function headerReader(source: LabelSource): Reader<readonly Buffer[]> | null {
  if (source.from !== 'header') return null;
  const name = source.name.toLowerCase();
  return (headers) => labelOf(headerValue(headers, name));
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
      const regex = new RegExp(source.pattern, source.flags);
      return ({ text, cut }) => {
        const match = regex.exec(text);
        if (match !== null && cut && match.index + match[0].length === text.length) return null;
        // Alternatives may each have a group: the label is the first one that took part.
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

/** A value as a label: texts, numbers and truth values can be one. */
function labelOf(value: unknown): string | null {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string' || value === '') return null;
  if (value.length <= MAX_LABEL_LENGTH) return value;
  // A surrogate pair is not parted.
  return value.slice(
    0,
    value.codePointAt(MAX_LABEL_LENGTH - 1)! > 0xffff ? MAX_LABEL_LENGTH - 1 : MAX_LABEL_LENGTH,
  );
}
