/** Connections that differ: they keep to versions, or lead to replicas of the gateway that do not agree. */
import { count } from '../../text/numbers.js';
import type { ConnectionsResult } from '../result.js';
import { connectionGroups } from '../stats/connection-groups.js';
import type { Finding, ReplicasFinding } from './finding.js';
import { chance, mostDifferent, named, shareOf, sharesOfCounts } from './words.js';

/** Groups that are named. */
const MAX_NAMED = 4;

/**
 * @param result of connections that keep to versions
 * @param counts responses of each connection to one address, by column: addresses may differ without replicas behind them
 * @param names of the columns
 * @param renewed the run has closed connections after some requests, to have more of them
 */
export function connectionFinding(
  result: ConnectionsResult,
  counts: readonly ArrayLike<number>[],
  names: readonly string[],
  renewed: boolean,
): Finding {
  const { p, designEffect, compared, oneVersion, keepToOne } = result;
  const common = { p, figure: designEffect, connections: compared };
  const judged = `Where shares are judged, each of the ${count(compared)} connections counts as one draw.`;
  const renew = renewed
    ? 'So they were closed after a few requests each, and new ones opened.'
    : 'Renew connections (--requests-per-connection 10) and send more requests.';
  if (keepToOne) {
    return {
      kind: 'stickiness',
      ...common,
      oneVersion,
      text: `${count(oneVersion)} of ${count(compared)} connections got one version only (${chance(p)}).`,
      advice: `The gateway seems to choose a version for each connection, not for each request. ${judged} ${renew} Find out whether session affinity is intended.`,
    };
  }
  const groups = connectionGroups(counts)?.map(({ connections, counts: own }) => ({
    connections,
    ...sharesOfCounts(own, names),
  }));
  if (groups === undefined) {
    return {
      kind: 'stickiness',
      ...common,
      oneVersion,
      text: `The shares of ${count(compared)} connections differ more than chance explains (${chance(p)}).`,
      advice: `They keep to a version for a time, or lead to replicas of the gateway that do not agree. ${judged} ${renew} Compare the replicas one by one (--resolve HOST:PORT:ADDRESS).`,
    };
  }
  return {
    kind: 'replicas',
    ...common,
    groups,
    text: `Connections lead to gateways that disagree: ${groupsInWords(groups)} (${chance(p)}).`,
    advice: `Replicas of the gateway behind the same address seem to have different weights. ${judged} Compare the replicas one by one (--resolve HOST:PORT:ADDRESS), and find out which of them has an old configuration.`,
  };
}

/** `on 20 of 40 "v2" has 5.02 %, on 20 it has 49.80 %` */
function groupsInWords(groups: ReplicasFinding['groups']): string {
  const [first, ...others] = groups;
  if (first === undefined) return '';
  const version = mostDifferent(first, ...others);
  return groups
    .slice(0, MAX_NAMED)
    .map((group, i) =>
      i === 0
        ? `on ${count(group.connections)} ${named(version)} has ${shareOf(version, group)}`
        : `on ${count(group.connections)} it has ${shareOf(version, group)}`,
    )
    .join(', ');
}
