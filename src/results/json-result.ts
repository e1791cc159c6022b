/** A result from its JSON: what it is, and whether it can be compared. */
import { HistogramError, histogramOf } from '../analysis/compare/histogram.js';
import type { Comparable, ComparableRun } from '../analysis/compare/inputs.js';
import { sum } from '../collections.js';
import { UserError } from '../errors.js';
import { type Check, ShapeError } from '../saved/format/shape.js';
import { JsonLimitError, parseJson } from '../text/json.js';
import { printable } from '../text/printable.js';
import { LIMITS_SHAPE } from './limits-shape.js';
import { RUN_SHAPE } from './run-shape.js';

/** The schemas that are read. */
const SCHEMA_VERSION = 1;

/** Kinds of JSON by the members that they have: what is said of one that cannot be compared; null: it can. */
const KINDS: readonly { readonly members: readonly string[]; readonly what: string | null }[] = [
  { members: ['target', 'limits', 'requests'], what: null },
  { members: ['target', 'load', 'versions', 'requests'], what: null },
  { members: ['expectation', 'needed'], what: "what 'weighbridge plan' found: nothing was sent for it" },
  {
    members: ['machine', 'closedLoop'],
    what: "what 'weighbridge doctor' measured: a machine, and no gateway",
  },
  { members: ['identifiers', 'address'], what: "what 'weighbridge identify' found in one response" },
  { members: ['comparisons', 'results'], what: "a result of 'weighbridge compare' itself" },
  { members: ['apiVersion', 'kind'], what: 'a manifest' },
];

/**
 * @param file for errors
 * @throws UserError for what is no result of `run`, `analyze` or `limits`, saying what it is
 */
export function resultFromJson(json: string, file: string): Comparable {
  const value = parsed(json, file);
  const found = KINDS.find(({ members }) => members.every((member) => hasMember(value, member)));
  if (found === undefined) throw notAResult(file, 'is JSON, but no result');
  if (found.what !== null) throw notAResult(file, `has ${found.what}`);
  const { schemaVersion } = value as { readonly schemaVersion?: unknown };
  if (typeof schemaVersion === 'number' && schemaVersion > SCHEMA_VERSION) {
    throw new UserError(
      `${file} is of a newer weighbridge (schemaVersion ${schemaVersion}); this one reads ${SCHEMA_VERSION}. Compare with that version.`,
    );
  }
  if (schemaVersion !== SCHEMA_VERSION) throw notAResult(file, `has no schemaVersion ${SCHEMA_VERSION}`);
  try {
    if (hasMember(value, 'limits')) return (LIMITS_SHAPE satisfies Check<Comparable>)(value, 'the result');
    const run = RUN_SHAPE(value, 'the result');
    checkRun(run);
    return run;
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw new UserError(`${file} is not as weighbridge writes it: ${printable(error.message, 300)}.`);
  }
}

function parsed(json: string, file: string): unknown {
  try {
    return parseJson(json);
  } catch (error) {
    if (error instanceof JsonLimitError) throw new UserError(`${file} ${error.message}.`);
    const message = (error as Error).message;
    throw isCut(json, message)
      ? new UserError(`${file} is cut: it ends before its JSON does. Was it still being written?`)
      : notAResult(file, `is not JSON (${printable(message)})`);
  }
}

/** Whether the parser met the end of the text. */
function isCut(json: string, message: string): boolean {
  const [, at] = /at position (\d+)/.exec(message) ?? [];
  return /unexpected end|unterminated/i.test(message) || Number(at) >= json.trimEnd().length;
}

function notAResult(file: string, what: string): UserError {
  return new UserError(
    `${file} ${what}. Give what 'weighbridge run', 'analyze' or 'limits' wrote with --json, or a run saved with --save.`,
  );
}

function hasMember(value: unknown, member: string): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, member);
}

/** Figures that must fit together. */
function checkRun({ versions, errors, backends }: ComparableRun): void {
  const names = new Set(versions.map(({ version }) => version));
  if (names.size < versions.length) throw new ShapeError('the result.versions has a version twice');
  if (errors.errors > errors.requests)
    throw new ShapeError('the result.errors has more errors than requests');
  versions.forEach(({ requests, failures, errors: own }, i) => {
    if (own > requests + sum(Object.values(failures))) {
      throw new ShapeError(`the result.versions[${i}] has more errors than requests`);
    }
  });
  const all = versions.map(({ latencyUs }, i) => ({ times: latencyUs, where: `versions[${i}]` }));
  for (const { times, where } of [...all, { times: backends.latencyUs, where: 'backends' }]) {
    try {
      histogramOf(times);
    } catch (error) {
      if (!(error instanceof HistogramError)) throw error;
      throw new ShapeError(`the result.${where}.latencyUs.histogram ${error.message}`);
    }
  }
}
