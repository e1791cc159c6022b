/** Notes on requests that the gateway refused itself. */
import { counted } from '../../text/numbers.js';
import { type NoteMaker, note } from './note-maker.js';

export const GATEWAY_NOTES: readonly NoteMaker[] = [
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
];
