/** Notes on connections that do not divide requests alike. */
import { count, plain } from '../../text/numbers.js';
import { keepsToOne } from '../connections.js';
import { type NoteMaker, note } from './note-maker.js';

export const CONNECTION_NOTES: readonly NoteMaker[] = [
  function keepVersions({ connections, split }) {
    if (connections === null || !connections.keepVersion) return [];
    const { compared, oneVersion, p, designEffect } = connections;
    const judged =
      split === null ? '' : ` So the split is judged by ${count(split.draws)} connections, not by requests.`;
    const measured = `(p = ${Number(p.toPrecision(2))}, design effect ${plain(Number(designEffect.toPrecision(3)))})`;
    const text = keepsToOne(oneVersion, compared)
      ? `${count(oneVersion)} of ${count(compared)} connections got one version only ${measured}: the gateway seems to choose a version for a connection, not for a request.${judged} Renew connections (--requests-per-connection 10) and send more requests, or find out whether session affinity is intended.`
      : `The shares of ${count(compared)} connections differ more than chance explains ${measured}: connections may lead to replicas of the gateway that do not agree, or keep to versions for a time.${judged} Compare the replicas one by one (--resolve HOST:PORT:ADDRESS), or renew connections (--requests-per-connection 10).`;
    return [note('connections-differ', text)];
  },
];
