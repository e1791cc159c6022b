/** Notes on requests that the gateway answered itself. */
import type { OutcomeName } from '../../blocks/outcome.js';
import { sum } from '../../collections.js';
import { counted, tally } from '../../text/numbers.js';
import { quoted } from '../../text/printable.js';
import type { RunResult } from '../result.js';
import { type NoteMaker, note, percentOf } from './note-maker.js';

/** Replies to requests for which the gateway got no answer from a backend. */
const UPSTREAM_FAILURES: readonly OutcomeName[] = [
  'connection-failure',
  'connection-timeout',
  'connection-termination',
  'protocol-error',
  'upstream-timeout',
];

export const GATEWAY_NOTES: readonly NoteMaker[] = [
  function overflow(result) {
    const count = result.gatewayReplies.overflow ?? 0;
    if (count === 0) return [];
    return [
      note(
        'overflow',
        `The gateway refused ${counted(count, 'request')} (${percentOf(count, result.requests.scheduled)} of all) because a ` +
          `circuit breaker's limit was reached (connectionPool)${meantFor(result, 'overflow')}. Fewer connections (-c) or a ` +
          'lower rate (-q) measure the split without refusals; weighbridge limits finds where they begin.',
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
  function upstreamFailures({ gatewayReplies }) {
    const kinds = Object.fromEntries(
      UPSTREAM_FAILURES.flatMap((kind) => {
        const count = gatewayReplies[kind] ?? 0;
        return count === 0 ? [] : [[kind, count]];
      }),
    );
    const count = sum(Object.values(kinds));
    if (count === 0) return [];
    return [
      note(
        'upstream-failure',
        `The gateway got no answer from a backend for ${counted(count, 'request')} (${tally(kinds)}) and said so itself. If it ` +
          'retries, these are what retries did not help.',
      ),
    ];
  },
  function unresolvedBackend({ versions, unattributed, requests }) {
    const named = versions.flatMap(({ version, gatewayReplyKinds, expectedShare }) => {
      const count = gatewayReplyKinds['backend-ref-invalid'] ?? 0;
      if (count === 0) return [];
      const weight = expectedShare === null ? '' : `, whose weight is ${percentOf(expectedShare, 1)}`;
      return [
        note(
          'backend-unreachable',
          `${counted(count, 'request')} for ${quoted(version)}${weight}, got the gateway's own empty 500 or 503: it has no such ` +
            'backend (a missing Service, port or subset, or a reference that is not permitted).',
        ),
      ];
    });
    const count = unattributed.kinds['backend-ref-invalid'] ?? 0;
    if (count === 0) return named;
    const missing = versions.filter((version) => (version.expectedShare ?? 0) > 0 && version.requests === 0);
    const [only] = missing.length === 1 ? missing : [];
    const whose =
      only === undefined
        ? 'these may be the whole share of a version that cannot be reached'
        : `these may be the share of ${quoted(only.version)}, which never answered and has a weight of ${percentOf(only.expectedShare ?? 0, 1)}`;
    return [
      ...named,
      note(
        'backend-unreachable',
        `${counted(count, 'response')} (${percentOf(count, requests.scheduled)} of requests) were the gateway's own ` +
          `empty 500 or 503 for a backend that it does not have (a missing Service, port or subset, or a reference that is not permitted): ${whose}. ` +
          'Shares are over the responses that name a version; the intervals and the verdict allow for these.',
      ),
    ];
  },
];

/** `: 9,100 of them for "v2"`; empty if replies do not name their version. */
function meantFor({ versions }: RunResult, kind: OutcomeName): string {
  const parts = versions.flatMap(({ version, gatewayReplyKinds }) => {
    const count = gatewayReplyKinds[kind] ?? 0;
    return count === 0 ? [] : [`${counted(count, 'request')} for ${quoted(version)}`];
  });
  return parts.length === 0
    ? ''
    : `: ${parts.slice(0, 3).join(', ')}${parts.length > 3 ? ' and others' : ''}`;
}
