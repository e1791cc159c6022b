/** The notes on a run's ejections: a function per subject. */
import type { NoteCode } from '../../plan/note-code.js';
import type { Note } from '../../plan/plan.js';
import { inSeconds } from '../../text/durations.js';
import { listed } from '../../text/lists.js';
import { count, counted } from '../../text/numbers.js';
import { quoted } from '../../text/printable.js';
import { note } from '../notes/note-maker.js';
import type { RunResult } from '../result.js';
import type { EjectionsResult, EjectionWindow, Visibility } from './result.js';

/** Code of the note that only a part of a run is analyzed. */
export const CUT = 'cut' satisfies NoteCode;

/** At most so many endpoints are named in one sentence; the table and the JSON result have all. */
const NAMED = 4;

/** All notes on a result's ejections. */
export function ejectionNotesOn({ ejections, notes }: Pick<RunResult, 'ejections' | 'notes'>): Note[] {
  if (ejections === null) return [];
  // A part of a run says nothing about the beginning and end of the run.
  const span = notes.some(({ code }) => code === CUT) ? 'this part of the run' : 'the run';
  return NOTE_MAKERS.flatMap((make) => make(ejections, span));
}

/** @param span what was analyzed: `the run` or `this part of the run` */
type NoteMaker = (ejections: EjectionsResult, span: string) => Note[];

const NOTE_MAKERS: readonly NoteMaker[] = [
  function leaked({ windows }) {
    const leaks = windows.filter(({ leaked }) => (leaked ?? 0) > 0);
    const [worst] = [...leaks].sort((a, b) => (b.leaked ?? 0) - (a.leaked ?? 0));
    if (worst === undefined) return [];
    const all = leaks.reduce((sum, { leaked }) => sum + (leaked ?? 0), 0);
    const most =
      leaks.length === 1 ? '' : `, ${count(worst.leaked ?? 0)} of them by ${quoted(worst.endpoint)} at once`;
    return [
      note(
        'ejection-leak',
        `${count(all)} more 5xx came after those that should have ejected${most}, for up to ` +
          `${inSeconds(Math.max(...leaks.map(({ leakedForMs }) => leakedForMs ?? 0)))}: Envoy delays an ejection ` +
          'by a second if another change of the cluster came within the second before.',
      ),
    ];
  },
  function allOut({ windows }) {
    const whole = windows.filter(({ outAtOnce: { out, of } }) => of > 1 && out >= of);
    return [...new Set(whole.map(({ version }) => version))].map((version) =>
      note('all-endpoints-out', `All endpoints of ${quoted(version)} that were seen were out at once.`),
    );
  },
  function open({ windows }, span) {
    const still = windows.filter(({ endMs }) => endMs === null);
    if (still.length === 0) return [];
    return [
      note(
        'ejection-open',
        `Still out at the end of ${span}: ${named(still)}. How long these absences last is not known.`,
      ),
    ];
  },
  function before({ windows }, span) {
    const begun = windows.filter(({ startMs }) => startMs === null);
    if (begun.length === 0) return [];
    return [
      note(
        'ejection-begun-before',
        `Out when ${span} began, or added while it went on: ${named(begun)}. Why, and since when, is not known.`,
      ),
    ];
  },
  function silent({ windows }) {
    const found = windows.filter(({ kind }) => kind === 'silent');
    const [few, none] = [found.filter(hasErrorsBefore), found.filter((window) => !hasErrorsBefore(window))];
    return [
      ...(none.length === 0
        ? []
        : [
            note(
              'endpoint-silent',
              `Sent nothing for a time, without a 5xx directly before: ${named(none)}. A gateway that retries hides ` +
                'refused connections and, with retryOn 5xx, errors: it may have been ejected for these, or scaled down.',
            ),
          ]),
      ...(few.length === 0
        ? []
        : [
            note(
              'endpoint-silent',
              `Sent nothing for a time, with fewer 5xx directly before than eject: ${named(few)}. Another rule may be in ` +
                'force, responses to other clients count too, or it left.',
            ),
          ]),
    ];
  },
  function left({ windows }) {
    const found = windows.filter(({ kind }) => kind === 'left');
    if (found.length === 0) return [];
    return [
      note(
        'endpoint-left',
        `Sent nothing after connections failed, without 5xx in a row of its own: ${named(found)}. It left (scaled down, ` +
          'draining, crashed), or was ejected for failures to connect.',
      ),
    ];
  },
  function partial({ windows }) {
    const found = windows.filter(({ fraction }) => fraction < 1);
    if (found.length === 0) return [];
    const parts = found.map(
      ({ endpoint, fraction }) => `${quoted(endpoint)} (${Math.round(fraction * 100)} %)`,
    );
    return [
      note(
        'ejection-partial',
        `Lost only a part of its requests: ${listed(parts, NAMED)}. Each replica of a gateway ejects on its own.`,
      ),
    ];
  },
  function withoutEndpoint({ windows, visibility }) {
    const nameless = visibility.filter((version) => version.withoutEndpoint > 0);
    const guessed = windows.some(({ trigger }) => trigger?.endpointKnown === false);
    if (nameless.length === 0) return [];
    const parts = nameless.map(
      ({ version, withoutEndpoint }) => `${counted(withoutEndpoint, 'answer')} of ${quoted(version)}`,
    );
    return [
      note(
        'answers-without-endpoint',
        `${listed(parts, NAMED)} named no endpoint and may be any endpoint's: absences ` +
          `are certain only between them${guessed ? '; 5xx among them are counted for the version, since their endpoint is unknown' : ''}.`,
      ),
    ];
  },
  function tooLittle(ejections) {
    return ejections.visibility
      .filter((version) => version.ratePerSecondNeeded !== null && concerns(ejections, version))
      .map(({ version, shortestMs, ratePerSecondNeeded }) =>
        note(
          'ejections-too-little-traffic',
          `Too little traffic to see absences of endpoints of ${quoted(version)} that are shorter than ` +
            `${inSeconds(shortestMs ?? 0)}; ${counted(Math.ceil(ratePerSecondNeeded ?? 0), 'request')}/s would be enough.`,
        ),
      );
  },
  function endpointsNotNamed({ rules, visibility, episodes }) {
    const versions = rules
      .map(({ version }) => version)
      .filter(
        (version) =>
          !visibility.some((seen) => seen.version === version) &&
          episodes.some((episode) => episode.version === version && episode.kind === '5xx'),
      );
    if (versions.length === 0) return [];
    return [
      note(
        'endpoints-not-told',
        `${listed(versions.map(quoted), NAMED)} answered 5xx, but no response named its endpoint ` +
          '(--endpoint-from): whether one of them was ejected is not known.',
      ),
    ];
  },
  function moved({ episodes }) {
    const versions = [
      ...new Set(episodes.filter(({ kind }) => kind === 'moved').map(({ version }) => version)),
    ];
    return versions.map((version) =>
      note(
        'version-moved',
        `${quoted(version)} got no requests for a time, and no errors came in its place: its weight was probably ` +
          'changed. That is not an ejection.',
      ),
    );
  },
];

/** Whether absences of the version's endpoints matter in this run. */
function concerns({ rules, windows, episodes }: EjectionsResult, { version }: Visibility): boolean {
  return (
    rules.some((rule) => rule.version === version) ||
    windows.some((window) => window.version === version) ||
    episodes.some((episode) => episode.version === version && episode.kind === '5xx')
  );
}

function hasErrorsBefore({ errorsBefore }: EjectionWindow): boolean {
  return Object.keys(errorsBefore).length > 0;
}

/** `"v2-0", "v2-1" and 3 more` */
function named(windows: readonly EjectionWindow[]): string {
  const names = [...new Set(windows.map(({ endpoint }) => endpoint))];
  return listed(names.map(quoted), NAMED);
}
