/** Notes on versions and their shares. */
import { sum } from '../../collections.js';
import { counted } from '../../text/numbers.js';
import { quoted } from '../../text/printable.js';
import type { VersionResult } from '../result.js';
import { type NoteMaker, note } from './note-maker.js';

/** What is more likely than this may be chance. */
const CHANCE = 0.05;

export const SPLIT_NOTES: readonly NoteMaker[] = [
  function nothingAttributed({ requests }) {
    if (requests.scheduled === 0 || requests.attributed > 0) return [];
    return [
      note(
        'nothing-attributed',
        'No response named its version, so there are no shares. See --version-from.',
      ),
    ];
  },
  function missingVersion({ unattributed, requests }) {
    const count = unattributed.kinds['backend-ref-invalid'] ?? 0;
    if (count === 0) return [];
    return [
      note(
        'backend-unreachable',
        `${counted(count, 'response')} (${percentOf(count, requests.scheduled)} of requests) were the gateway's own ` +
          'empty 500 or 503 for a backend that it does not have: these may be the whole share of a version that cannot be ' +
          'reached. Shares are over the responses that name a version; the intervals and the verdict allow for these.',
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
        `${counted(count, 'response')} (${percentOf(count, requests.scheduled)} of requests) named no version; ${effect}.`,
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
  function neverAnswered({ versions, requests, load }) {
    if (requests.attributed === 0) return [];
    return versions
      .filter((version) => (version.expectedShare ?? 0) > 0 && version.requests === 0)
      .map((version) =>
        note(
          'version-never-answered',
          `${quoted(version.version)} never answered, though ${percentOf(version.expectedShare ?? 0, 1)} was expected.` +
            missedByConnections(version.expectedShare ?? 0, load.connectionsOpened),
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
          `${counted(count, 'response')} of ${quoted(version.version)} broke off after the version was read: they are not in ` +
            'its requests and share, but count for it in the interval and the verdict.',
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
  function onlyClientErrors({ versions }) {
    const answering = versions.filter(({ requests }) => requests > 0);
    const other = answering.find((version) => !only4xx(version));
    if (other === undefined) return [];
    return answering
      .filter(only4xx)
      .map((version) =>
        note(
          'version-only-4xx',
          `${quoted(version.version)} answered every request with a 4xx status, and ${quoted(other.version)} did not. ` +
            'With --error-status 4xx,5xx these are errors.',
        ),
      );
  },
];

/** Every answer is 4xx, while another version has others: a path or a permission that only it lacks. */
function only4xx({ requests, statuses }: VersionResult): boolean {
  return requests > 0 && Object.keys(statuses).every((status) => status.startsWith('4'));
}

/** If a gateway draws a version for each connection, few connections may miss one by chance. Then nothing in the run shows it. */
function missedByConnections(share: number, connections: number | null): string {
  if (connections === null || (1 - share) ** connections <= CHANCE) return '';
  return ` If the gateway chooses a version for each connection, ${counted(connections, 'connection')} may have missed it by chance: --requests-per-connection 10 tells.`;
}

function isMostly5xx(version: VersionResult): boolean {
  return version.requests > 0 && serverErrors(version.statuses) * 2 >= version.requests;
}

function serverErrors(statuses: Record<string, number>): number {
  return Object.entries(statuses).reduce(
    (count, [status, n]) => (Number(status) >= 500 ? count + n : count),
    0,
  );
}

/** Three significant digits, so that a small part does not read 0 %. */
function percentOf(part: number, whole: number): string {
  return whole === 0 ? '0 %' : `${Number(((part / whole) * 100).toPrecision(3))} %`;
}
