/** The table of episodes: what happened to whole versions. */
import type { EpisodeKind, VersionEpisode } from '../../analysis/ejections/result.js';
import { time } from '../../text/durations.js';
import { count, percent } from '../../text/numbers.js';
import { type Cell, type Column, type GridData, grid } from '../layout/grid.js';
import { label, more, NARROW, number } from '../table/columns.js';
import { seconds } from './times.js';

/** At most so many episodes are shown; `--json` has them all. */
const MAX_EPISODES = 20;
/** Precision of an episode's times, ms: two decimals of a second. */
const WIDTH_MS = 10;

const WORDS: Readonly<Record<EpisodeKind, string>> = {
  '5xx': '5xx burst',
  'no-healthy-upstream': 'no healthy upstream',
  overflow: 'overflow',
  'connection-failure': 'gateway could not connect',
  moved: 'moved: weight changed?',
  unanswered: 'unanswered',
};

/** A row per episode in order of start: kind, times, requests lost, and service time before and after. Empty if there are none. */
export function episodeSection(episodes: readonly VersionEpisode[], columns: number): string[] {
  if (episodes.length === 0) return [];
  const shown = episodes.slice(0, MAX_EPISODES);
  const { columns: heads, rows } = episodeTable(shown, columns < NARROW);
  return [...grid(heads, rows, columns), ...more(episodes.length - shown.length, 'episodes')];
}

/** @param narrow with short heads and words, and without service times */
export function episodeTable(shown: readonly VersionEpisode[], narrow: boolean): GridData {
  const timed =
    !narrow && shown.some(({ serviceTimeUs: { before, after } }) => before !== null || after !== null);
  const heads: Column[] = [
    label('Episodes'),
    { head: 'what', align: 'left', fit: 'wrap' },
    { head: 'from – to', align: 'left' },
    number(narrow ? 'cost' : 'requests'),
    number('share %'),
    ...(timed ? [number('service time')] : []),
  ];
  const rows = shown.map((episode): Cell[] => [
    { text: episode.version },
    { text: WORDS[episode.kind] },
    { text: span(episode, narrow) },
    { text: count(episode.requests) },
    { text: percent(episode.share) },
    ...(timed ? [{ text: serviceTime(episode) }] : []),
  ]);
  return { columns: heads, rows };
}

function span({ startMs, endMs }: VersionEpisode, narrow: boolean): string {
  const to = endMs === null ? (narrow ? 'end' : 'to the end') : seconds(endMs, WIDTH_MS);
  return `${seconds(startMs, WIDTH_MS)} – ${to}`;
}

/** `4.79 → 9.10 ms`, `812 µs → 1.04 ms` */
function serviceTime({ serviceTimeUs: { before, after } }: VersionEpisode): string {
  if (before === null && after === null) return '-';
  const [number, unit] = time(before).split(' ');
  return `${time(after).endsWith(` ${unit}`) ? number : time(before)} → ${time(after)}`;
}
