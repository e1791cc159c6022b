/** Notes on versions and their shares. */
import { sum } from '../../collections.js';
import { counted } from '../../text/numbers.js';
import { quoted } from '../../text/printable.js';
import type { RunResult, VersionResult } from '../result.js';
import { type NoteMaker, note, percentOf } from './note-maker.js';

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
  function neverAnswered({ versions, requests, load, unattributed }) {
    if (requests.attributed === 0) return [];
    return versions
      .filter((version) => (version.expectedShare ?? 0) > 0 && version.requests === 0)
      .map((version) =>
        note(
          'version-never-answered',
          (unattributed.requests === 0
            ? `${quoted(version.version)} never answered, though ${percentOf(version.expectedShare ?? 0, 1)} was expected. The gateway may have other weights, or not this route yet (--settle waits for it).`
            : `No response named ${quoted(version.version)}, though ${percentOf(version.expectedShare ?? 0, 1)} was expected; ${counted(unattributed.requests, 'response')} named no version.`) +
            missedByConnections(version.expectedShare ?? 0, connectionsUsed(load)),
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
    return versions.flatMap((version) => {
      const { requests, gatewayReplies } = version;
      const answered = requests - gatewayReplies;
      const failed = serverErrors(backendStatuses(version));
      if (answered === 0 || failed * 2 < answered) return [];
      const which = gatewayReplies === 0 ? 'its requests' : 'the requests that reached it';
      return [
        note(
          'version-mostly-5xx',
          `${quoted(version.version)} answered ${percentOf(failed, answered)} of ${which} with a 5xx status.`,
        ),
      ];
    });
  },
  function onlyClientErrors({ versions }) {
    const answering = versions.filter(({ requests, gatewayReplies }) => requests > gatewayReplies);
    const other = answering.find((version) => !only4xx(version));
    if (other === undefined) return [];
    return answering
      .filter(only4xx)
      .map((version) =>
        note(
          'version-only-4xx',
          `${quoted(version.version)} answered every request${version.gatewayReplies === 0 ? '' : ' that reached it'} with a 4xx status, and ${quoted(other.version)} did not. ` +
            'With --error-status 4xx,5xx these are errors.',
        ),
      );
  },
];

/** Every answer is 4xx, while another version has others: a path or a permission that only it lacks. */
function only4xx(version: VersionResult): boolean {
  return Object.entries(backendStatuses(version)).every(([status, n]) => n === 0 || status.startsWith('4'));
}

/** Connections that requests were sent on. */
function connectionsUsed({ connectionsOpened, connectionsUnused }: RunResult['load']): number | null {
  return connectionsOpened === null ? null : connectionsOpened - (connectionsUnused ?? 0);
}

/** If a gateway draws a version for each connection, few connections may miss one by chance. Then nothing in the run shows it. */
function missedByConnections(share: number, connections: number | null): string {
  if (connections === null || (1 - share) ** connections <= CHANCE) return '';
  return ` If the gateway chooses a version for each connection, ${counted(connections, 'connection')} may have missed it by chance: --requests-per-connection 10 tells.`;
}

/** What the gateway answered in a version's name is left out. */
function backendStatuses({ statuses, gatewayReplyStatuses }: VersionResult): Record<string, number> {
  return Object.fromEntries(
    Object.entries(statuses).map(([status, n]) => [status, n - (gatewayReplyStatuses[status] ?? 0)]),
  );
}

function serverErrors(statuses: Record<string, number>): number {
  return Object.entries(statuses).reduce(
    (count, [status, n]) => (Number(status) >= 500 ? count + n : count),
    0,
  );
}
