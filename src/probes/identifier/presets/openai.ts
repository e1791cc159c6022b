/**
 * Chat completions as OpenAI's API has them (vLLM, KServe, llm-d and others): JSON with `model`. With
 * `"stream": true` the answer is `text/event-stream`, in lines `data: {…}` of which each has it: the first that
 * does is enough, however the stream goes on. What the model wrote is inside JSON strings, where no line begins.
 *
 * The head of a stream is sent at once and its events as tokens come: the first byte is the first of the body.
 */
import { headerValue } from '../../response/raw-headers.js';
import { type BodyView, field, stringField } from '../body-view.js';
import type { IdentifierSample, Preset } from './preset.js';

/** Events that are looked at: the first has the model, or none. */
const MAX_EVENTS = 16;
const EVENT = /^data:[ \t]*(\{[^\r\n]*)/gm;

/** Characters in which the model is looked for in JSON that is not whole. */
const SEARCHED = 4096;
const STRING = String.raw`"(?:[^"\\]|\\.)*"`;
/** `{` and simple fields up to `model`: nothing nested, so that it is the object's own. */
const LEADING_MODEL = new RegExp(
  String.raw`^\s*\{(?:\s*${STRING}\s*:\s*(?:${STRING}|[\w.+-]+)\s*,)*?\s*"model"\s*:\s*(${STRING})`,
);
const LEADING_OBJECT = /^[^[]*"object"\s*:\s*"(?:chat\.completion|text_completion)/;

function leadingModel(text: string): string | null {
  const quoted = LEADING_MODEL.exec(text.slice(0, SEARCHED))?.[1];
  if (quoted === undefined) return null;
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return null;
  }
}

/** The model of a JSON text, whole or not. */
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
    return Array.isArray(field(body.json, 'choices')) || LEADING_OBJECT.test(body.text.slice(0, SEARCHED))
      ? 'the body is JSON with model and choices'
      : null;
  }
  const type = headerValue(sample.headers, 'content-type') ?? '';
  return /^text\/event-stream\b/i.test(type) ? 'the body is an event stream with model' : null;
}

export const openai: Preset = {
  name: 'openai',
  version,
  endpoint: null,
  firstByteAt: 'body',
  recognise,
};
