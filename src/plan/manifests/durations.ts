/** Durations of manifests in milliseconds: nothing else reads their text. */
import { goDurationMs } from '../go-duration.js';
import type { Field } from './fields.js';

/** GEP-2257: up to four whole numbers of at most five digits, each with one of four units. */
const GATEWAY_API = /^([0-9]{1,5}(h|m|s|ms)){1,4}$/;

/** Milliseconds of a duration of the Gateway API (`1m30s`), or null when absent. */
export function gatewayApiDuration(field: Field): number | null {
  const text = field.text();
  if (text === null) return null;
  const ms = GATEWAY_API.test(text) ? goDurationMs(text) : null;
  return (
    ms ??
    field.fail(`${field.shown} is not a duration such as 500ms, 30s or 1m30s (whole numbers of h, m, s, ms)`)
  );
}

/**
 * Milliseconds of a duration of Istio (`1m30s`, `0.05s`), or null when absent. istiod reads these fields with
 * golang/protobuf's jsonpb, which takes what Go's time.ParseDuration takes.
 */
export function istioDuration(field: Field): number | null {
  if (!field.present) return null;
  const ms = field.isText ? goDurationMs(field.text() ?? '') : null;
  return ms ?? field.fail(`${field.shown} is not a duration such as 500ms, 30s or 1m30s`);
}
