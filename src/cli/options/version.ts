/** The options for where a response has its version and its endpoint. */
import { DEFAULT_BODY_LIMIT_BYTES } from '../../plan/defaults.js';
import type { PlanOptions } from '../../plan/plan-options.js';
import { BODY_LIMIT_BYTES } from '../../plan/ranges.js';
import { type Flags, on, one, read, toggle, value } from './flags.js';
import { within } from './load.js';

export const VERSION_FLAGS = {
  'version-from': value(
    "where a response has its version: header:NAME, 'body:/regex (group)/', json:/pointer, a preset (weighbridge identify lists those that fit), none (default: detected)",
    { sets: 'versionFrom', common: true },
  ),
  'endpoint-from': value('where a response has its endpoint; in the same forms', {
    sets: 'endpointFrom',
  }),
  'body-limit': value('how many bytes of a body are read for that', {
    defaultDescription: String(DEFAULT_BODY_LIMIT_BYTES),
    sets: 'bodyLimitBytes',
  }),
  'no-preflight': toggle('send the load at once, without trying one request first (needs --version-from)', {
    sets: 'preflight',
  }),
};

export type VersionOptions = Pick<PlanOptions, 'bodyLimitBytes'> & {
  readonly versionFrom: string | undefined;
  readonly endpointFrom: string | undefined;
};

/** @throws UserError naming the flag */
export function parseVersion(flags: Flags): VersionOptions {
  return {
    versionFrom: one(flags, 'version-from'),
    endpointFrom: one(flags, 'endpoint-from'),
    bodyLimitBytes: read(flags, 'body-limit', within(BODY_LIMIT_BYTES)),
  };
}

/** False: no request before the load. */
export function parsePreflight(flags: Flags): boolean {
  return !on(flags, 'no-preflight');
}
