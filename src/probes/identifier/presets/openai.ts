/**
 * Chat completions as OpenAI's API has them (vLLM, KServe, llm-d and others): JSON with `model`. With
 * `"stream": true` the answer is `text/event-stream`, in lines `data: {…}` that each have it: the first one is
 * read, whatever follows. Text that the model wrote is inside JSON strings, which contain no line ends.
 *
 * The head of a stream is sent at once, its events when tokens are ready: so the first byte is that of the body.
 */
import { isEventStream } from '../../response/raw-headers.js';
import { type BodyView, field, stringField } from '../body-view.js';
import type { IdentifierSample, Preset } from './preset.js';

/** Events that are looked at. Normally the first one has the model. */
const MAX_EVENTS = 16;
const EVENT = /^data:[ \t]*(\{[^\r\n]*)/gm;

/** Characters of incomplete JSON in which the model is looked for. */
const MAX_SEARCHED = 4096;
const STRING = String.raw`"(?:[^"\\]|\\.)*"`;
/** `{` and simple fields up to `model`. Nothing may be nested, so that it is a field of the outermost object. */
const LEADING_MODEL = new RegExp(
  String.raw`^\s*\{(?:\s*${STRING}\s*:\s*(?:${STRING}|[\w.+-]+)\s*,)*?\s*"model"\s*:\s*(${STRING})`,
);
const LEADING_OBJECT = /^[^[]*"object"\s*:\s*"(?:chat\.completion|text_completion)/;

function leadingModel(text: string): string | null {
  const quoted = LEADING_MODEL.exec(text.slice(0, MAX_SEARCHED))?.[1];
  if (quoted === undefined) return null;
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return null;
  }
}

/** The model in a JSON text, which may be incomplete. */
function modelOf(text: string): string | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return leadingModel(text);
  }
  return stringField(json, 'model');
}

function isObject({ text }: BodyView): boolean {
  return /^\s*\{/.test(text);
}

function version(body: BodyView): string | null {
  if (isObject(body))
    return body.json === undefined ? leadingModel(body.text) : stringField(body.json, 'model');
  let events = 0;
  for (const [, data] of body.text.matchAll(EVENT)) {
    const model = modelOf(data as string);
    if (model !== null && model !== '') return model;
    events += 1;
    if (events === MAX_EVENTS) break;
  }
  return null;
}

function recognise(sample: IdentifierSample, body: BodyView): string | null {
  if (!version(body)) return null;
  if (isObject(body)) {
    return Array.isArray(field(body.json, 'choices')) || LEADING_OBJECT.test(body.text.slice(0, MAX_SEARCHED))
      ? 'the body is JSON with model and choices'
      : null;
  }
  return isEventStream(sample.headers) ? 'the body is an event stream with model' : null;
}

export const openai: Preset = {
  name: 'openai',
  version,
  endpoint: null,
  firstByteAt: 'body',
  recognise,
};
