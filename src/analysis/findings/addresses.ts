/** Does one address split differently from the others, as a replica of the gateway with old weights does? */
import { count, percent } from '../../text/numbers.js';
import { quoted } from '../../text/printable.js';
import type { AddressResult, RunResult } from '../result.js';
import { fisherExact } from '../stats/fisher-exact.js';
import { OTHER_NAME } from '../version-slots.js';
import type { AddressesFinding } from './finding.js';
import { chance } from './words.js';

/** Chance of a false alarm over all tests of a run. */
const ALPHA = 0.01;
/** Addresses that are named. */
const MAX_NAMED = 8;

interface Difference {
  readonly row: AddressResult;
  readonly version: string;
  /** Of the address. */
  readonly share: number;
  readonly answers: number;
  /** Of the other addresses, which it is compared with. */
  readonly othersShare: number;
  readonly othersAnswers: number;
  readonly p: number;
}

/**
 * Compares each address with all others, for each version against all others, by Fisher's exact test; with two addresses,
 * or two versions, one test is enough. The chance of a false alarm is 1 % over all tests (Bonferroni). The address that
 * differs most is named and left out, and the others are compared again: otherwise addresses that are alike would be
 * named because they differ from it.
 */
export function addressFindings({
  addresses,
  versions,
}: Pick<RunResult, 'addresses' | 'versions'>): AddressesFinding[] {
  let pool = addresses.filter((row) => row.address !== OTHER_NAME && answersOf(row) > 0);
  const seen = versions.filter(({ version }) => pool.some((row) => of(row, version) > 0));
  if (pool.length < 2 || seen.length < 2) return [];
  const tested = (seen.length === 2 ? seen.slice(1) : seen).map(({ version }) => version);
  const tests = (pool.length === 2 ? 1 : pool.length) * tested.length;
  const expected = new Map(versions.map(({ version, expectedShare }) => [version, expectedShare]));
  const findings: AddressesFinding[] = [];
  while (pool.length >= 2 && findings.length < MAX_NAMED) {
    const found = most(pool, tested);
    if (found.p > ALPHA / tests) break;
    const named = pool.length === 2 ? farther(found, pool, expected.get(found.version) ?? null) : found;
    findings.push(findingOf(named, pool.length - 1));
    pool = pool.filter((row) => row !== named.row);
  }
  return findings;
}

/** What differs most: by p, and where p is too small for a number, by the difference of the shares. */
function most(pool: readonly AddressResult[], versions: readonly string[]): Difference {
  // Of two addresses the second says nothing that the first does not.
  const rows = pool.length === 2 ? pool.slice(0, 1) : pool;
  const differences = rows.flatMap((row) => versions.map((version) => weigh(row, version, pool)));
  return differences.reduce((a, b) => (b.p < a.p || (b.p === a.p && difference(b) > difference(a)) ? b : a));
}

function weigh(row: AddressResult, version: string, pool: readonly AddressResult[]): Difference {
  const sum = (count: (one: AddressResult) => number) => pool.reduce((n, one) => n + count(one), 0);
  const x = of(row, version);
  const answers = answersOf(row);
  const y = sum((one) => of(one, version)) - x;
  const othersAnswers = sum(answersOf) - answers;
  return {
    row,
    version,
    share: x / answers,
    answers,
    othersShare: y / othersAnswers,
    othersAnswers,
    p: fisherExact(x, answers, y, othersAnswers),
  };
}

/** Of two that differ, the one whose share is farther from what is expected; the second when nothing is. */
function farther(found: Difference, pool: readonly AddressResult[], expected: number | null): Difference {
  const off = (share: number) => Math.abs(share - (expected ?? found.share));
  if (off(found.share) > off(found.othersShare)) return found;
  return weigh(pool.find((row) => row !== found.row) as AddressResult, found.version, pool);
}

function findingOf(
  { row, version, share, answers, othersShare, othersAnswers, p }: Difference,
  others: number,
): AddressesFinding {
  return {
    kind: 'addresses',
    p,
    figure: (share - othersShare) * 100,
    text:
      `${row.address} splits differently from the ${others === 1 ? 'other address' : `${others} other addresses`}: ` +
      `${quoted(version)} has ${percent(share)} % of ${count(answers)} answers there and ${percent(othersShare)} % of ` +
      `${count(othersAnswers)} elsewhere (${chance(p)}).`,
    advice:
      'A replica of the gateway with other weights does this: find out whether it has the configuration of the others.',
    address: row.address,
    version,
    share,
    responses: answers,
    othersShare,
    othersResponses: othersAnswers,
  };
}

function difference({ share, othersShare }: Difference): number {
  return Math.abs(share - othersShare);
}

function of(row: AddressResult, version: string): number {
  return Object.hasOwn(row.versions, version) ? (row.versions[version] ?? 0) : 0;
}

/** Responses that name a version. */
function answersOf({ requests, unattributed }: AddressResult): number {
  return requests - unattributed;
}
