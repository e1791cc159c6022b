/** What a result calls for to be said in words. Each remark is a function of the result alone. */
import { sum } from '../collections.js';
import type { NoteCode } from '../plan/note-code.js';
import type { Note } from '../plan/plan.js';
import { counted } from '../text/numbers.js';
import { quoted } from '../text/printable.js';
import { addressDiffers } from './address-differs.js';
import { ejectionNotesOn } from './ejections/notes.js';
import { generatorLimits } from './generator-limits.js';
import type { RunResult, VersionResult } from './result.js';
import { NONE_NAME, OTHER_NAME } from './version-slots.js';

/** Own lateness from which the generator, not the gateway, may be what was measured. */
const LATE_MEAN_US = 1_000;
const LATE_MAX_US = 50_000;

type Remark = (result: RunResult) => Note[];

/** All remarks on a result, in the order in which they matter. */
export function remarks(result: RunResult): Note[] {
  return REMARKS.flatMap((remark) => remark(result));
}

const REMARKS: readonly Remark[] = [
  addressDiffers,
  generatorLimits,
  function nothingAttributed({ requests }) {
    if (requests.scheduled === 0 || requests.attributed > 0) return [];
    return [
      note('nothing-attributed', 'No response told its version, so there are no shares. See --version-from.'),
    ];
  },
  function missingVersion({ unattributed, requests }) {
    const count = unattributed.kinds['backend-ref-invalid'] ?? 0;
    if (count === 0) return [];
    return [
      note(
        'backend-unreachable',
        `${counted(count, 'response')} (${percentOf(count, requests.scheduled)} of requests) were the gateway's own ` +
          '500 for a backendRef that leads nowhere: these may be the whole share of a version that cannot be ' +
          'reached. Shares are over the responses that told a version; the intervals and the verdict allow for these.',
      ),
    ];
  },
  function unattributedShare({ unattributed, requests, split, versions }) {
    const count = unattributed.requests - (unattributed.kinds['backend-ref-invalid'] ?? 0);
    // Where nothing was weighed there are no intervals either.
    if (count <= 0 || versions.every(({ shareInterval }) => shareInterval === null)) return [];
    const effect =
      split === null
        ? 'the intervals allow for all of them belonging to any version'
        : 'the intervals and the verdict allow for all of them belonging to any version';
    return [
      note(
        'unattributed',
        `${counted(count, 'response')} (${percentOf(count, requests.scheduled)} of requests) told no version; ${effect}.`,
      ),
    ];
  },
  function unexpectedVersions({ versions, split }) {
    if (split === null) return [];
    return versions
      .filter((version) => version.expectedShare === null)
      .map((version) =>
        note(
          'unexpected-version',
          `${quoted(version.version)} answered ${counted(version.requests, 'request')} but is not expected: ` +
            'it fails the split. If it stands for an expected version, say so with --map NAME=LABEL.',
        ),
      );
  },
  function zeroWeight({ versions }) {
    return versions
      .filter((version) => version.expectedShare === 0 && version.requests > 0)
      .map((version) =>
        note(
          'zero-weight-answered',
          `${quoted(version.version)} has weight 0 but answered ${counted(version.requests, 'request')}.`,
        ),
      );
  },
  function neverAnswered({ versions, requests }) {
    if (requests.attributed === 0) return [];
    return versions
      .filter((version) => (version.expectedShare ?? 0) > 0 && version.requests === 0)
      .map((version) =>
        note(
          'version-never-answered',
          `${quoted(version.version)} never answered, though ${percentOf(version.expectedShare ?? 0, 1)} was expected.`,
        ),
      );
  },
  function brokenAfterVersion({ versions }) {
    return versions.flatMap((version) => {
      const count = sum(Object.values(version.failures));
      if (count === 0) return [];
      return [
        note(
          'broken-responses',
          `${counted(count, 'response')} of ${quoted(version.version)} broke after the version was read: not in ` +
            'its requests and share, but counted as drawn for it in the interval and the verdict.',
        ),
      ];
    });
  },
  function mostly5xx({ versions }) {
    return versions
      .filter(isMostly5xx)
      .map((version) =>
        note(
          'version-mostly-5xx',
          `${quoted(version.version)} answered ${percentOf(serverErrors(version.statuses), version.requests)} of its ` +
            'requests with a 5xx status.',
        ),
      );
  },
  function overflow({ gatewayReplies }) {
    const count = gatewayReplies.overflow ?? 0;
    if (count === 0) return [];
    return [
      note(
        'overflow',
        `The gateway refused ${counted(count, 'request')} because a circuit breaker's limit was reached ` +
          '(connectionPool): fewer connections (-c) or a lower rate (-q) measure the split without refusals.',
      ),
    ];
  },
  function noHealthyUpstream({ gatewayReplies }) {
    const count = gatewayReplies['no-healthy-upstream'] ?? 0;
    if (count === 0) return [];
    return [
      note(
        'no-healthy-upstream',
        `"no healthy upstream" came for ${counted(count, 'request')}: every endpoint of a version was ejected or gone.`,
      ),
    ];
  },
  ejectionNotesOn,
  function cutOff({ requests, ended }) {
    if (requests.cutOff === 0) return [];
    const text =
      ended === 'completed'
        ? 'due and found no free connection before the end: never sent. More connections (-c) or a lower rate (-q) ' +
          'avoid it.'
        : 'unfinished when the run was stopped: in flight, or due and not yet sent. A slow version loses more of ' +
          'those in flight.';
    return [note('cut-off', `${counted(requests.cutOff, 'request')} ${were(requests.cutOff)} ${text}`)];
  },
  function generatorLate({ load }) {
    const { lateness } = load;
    if (lateness === null) return [];
    if (lateness.generatorMeanUs < LATE_MEAN_US && lateness.generatorMaxUs < LATE_MAX_US) return [];
    return [
      note(
        'generator-late',
        `This machine fell behind the schedule: ${counted(lateness.sentLate, 'request')} went out late, with a free ` +
          `connection at hand by ${usAsMs(lateness.generatorMeanUs)} on average and ${usAsMs(lateness.generatorMaxUs)} at ` +
          'most. Response times count from the due time and include it; a lower rate or more --threads avoid it.',
      ),
    ];
  },
  function waitedForConnection({ load }) {
    const { waited, waitMaxUs } = load.lateness ?? { waited: 0, waitMaxUs: 0 };
    if (waitMaxUs < LATE_MAX_US) return [];
    return [
      note(
        'waited-for-connection',
        `${counted(waited, 'request')} waited for up to ${usAsMs(waitMaxUs)} after the due time because all ${load.streams === 1 ? counted(load.connections, 'connection') : counted(load.maxInFlight ?? 0, 'stream')} were ` +
          'busy: response times from the due time include it.',
      ),
    ];
  },
  function longTail({ durationMs, load, ended }) {
    const planned = load.plannedDurationMs;
    if (planned === null || ended !== 'completed' || durationMs <= planned * 1.1) return [];
    return [
      note(
        'long-tail',
        `Sending ended after ${usAsMs(planned * 1000)}, the last request ${usAsMs((durationMs - planned) * 1000)} later: the ` +
          'rate shown is over all of that time.',
      ),
    ];
  },
  function bounded({ versions, timeline }) {
    const notes: Note[] = [];
    if (versions.some(({ version }) => version === OTHER_NAME)) {
      notes.push(
        note(
          'versions-bounded',
          `There were too many versions to list: the rest is summed up as ${OTHER_NAME}.`,
        ),
      );
    }
    if (versions.some(({ endpoints }) => endpoints.some(({ endpoint }) => endpoint === OTHER_NAME))) {
      notes.push(
        note(
          'endpoints-bounded',
          `There were too many endpoints to list: the rest is summed up as ${OTHER_NAME}.`,
        ),
      );
    }
    const own = new Set([...versions.map(({ version }) => version), NONE_NAME]);
    if (timeline.some(({ version }) => !own.has(version))) {
      notes.push(
        note(
          'timeline-bounded',
          `The timeline has rows for 16 versions; the rest is summed up as ${OTHER_NAME}.`,
        ),
      );
    }
    return notes;
  },
];

function isMostly5xx(version: VersionResult): boolean {
  return version.requests > 0 && serverErrors(version.statuses) * 2 >= version.requests;
}

function serverErrors(statuses: Record<string, number>): number {
  return Object.entries(statuses).reduce(
    (count, [status, n]) => (Number(status) >= 500 ? count + n : count),
    0,
  );
}

function note(code: NoteCode, text: string): Note {
  return { code, text };
}

function were(n: number): string {
  return n === 1 ? 'was' : 'were';
}

/** Three significant digits, so that a small part does not read 0 %. */
function percentOf(part: number, whole: number): string {
  return whole === 0 ? '0 %' : `${Number(((part / whole) * 100).toPrecision(3))} %`;
}

function usAsMs(us: number): string {
  return `${Number((us / 1000).toPrecision(3))} ms`;
}
