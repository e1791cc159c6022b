/** The versions of the live view, with all that is known of each. */
import type { LiveVersion } from '../../analysis/live-counts.js';
import type { SoFar, VersionSoFar } from '../../analysis/so-far.js';
import type { Verdict } from '../../analysis/verdict.js';
import { terminalText } from '../../text/printable.js';
import { cut } from '../layout/text.js';
import { shortNames } from '../live-version.js';

/** Names are at most so wide: a part of the terminal, within these. */
const [MIN_NAME, MAX_NAME, NAME_PART] = [6, 24, 0.2];

/** A version with all that is known of it. */
export interface Row {
  readonly name: string;
  readonly live: LiveVersion;
  /** Null: not known yet. */
  readonly figures: VersionSoFar | null;
  /** Its checks so far; null: there is none. */
  readonly split: Verdict | null;
  readonly errors: Verdict | null;
  /** Percentiles that are above their limits: `p99`. */
  readonly slow: readonly string[];
}

/** The versions' names as they are shown, in their order. */
export function shownNames(versions: readonly { readonly version: string }[], columns: number): string[] {
  const width = Math.round(Math.min(MAX_NAME, Math.max(MIN_NAME, columns * NAME_PART)));
  return shortNames(versions.map(({ version }) => terminalText(version))).map((name) => cut(name, width));
}

/** @param columns of the terminal */
export function rowsOf(versions: readonly LiveVersion[], soFar: SoFar | null, columns: number): Row[] {
  const names = shownNames(versions, columns);
  const figures = new Map(soFar?.versions.map((version) => [version.version, version]));
  const verdicts = new Map(soFar?.checks.map(({ name, verdict }) => [name, verdict]));
  const slow = [...verdicts].filter(([name, verdict]) => verdict === 'fail' && name.startsWith('latency'));
  return versions.map((live, i) => {
    const { version } = live;
    const ofVersion = [`latency/${version}/`, `latency-ratio/${version}/`];
    return {
      name: names[i] as string,
      live,
      figures: figures.get(version) ?? null,
      split: verdicts.get(`split/${version}`) ?? null,
      errors: verdicts.get(`errors/${version}`) ?? null,
      slow: slow.flatMap(([name]) =>
        ofVersion.flatMap((start) => (name.startsWith(start) ? [name.slice(start.length)] : [])),
      ),
    };
  });
}

/** From this error rate on, a version that nothing judges is shown before others too. */
const MANY_ERRORS = 0.01;

/** At most so many rows, in their order: those whose checks fail, those with many errors, and the first of the others. */
export function chosen(rows: readonly Row[], most: number): readonly Row[] {
  if (rows.length <= most) return rows;
  const isOff = ({ split, errors, slow }: Row) => split === 'fail' || errors === 'fail' || slow.length > 0;
  const hasErrors = ({ live }: Row) => (live.errorRate ?? 0) >= MANY_ERRORS;
  const rank = (row: Row) => (isOff(row) ? 0 : hasErrors(row) ? 1 : 2);
  const kept = new Set(rows.toSorted((a, b) => rank(a) - rank(b)).slice(0, most));
  return rows.filter((row) => kept.has(row));
}
