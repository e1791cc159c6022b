/** Notes on connections that do not divide requests alike. */
import { count } from '../../text/numbers.js';
import { keepsToOne } from '../connections.js';
import { type NoteMaker, note } from './note-maker.js';

/** Smaller probabilities are not told apart. */
const LEAST_P = 1e-9;

export const CONNECTION_NOTES: readonly NoteMaker[] = [
  function keepVersions({ connections, split }) {
    if (connections === null || !connections.keepVersion) return [];
    const { compared, oneVersion, p } = connections;
    const judged =
      split === null ? '' : ` So the split is judged by ${count(split.draws)} connections, not by requests.`;
    const chance = p < LEAST_P ? `p < ${LEAST_P}` : `p = ${Number(p.toPrecision(2))}`;
    const text = keepsToOne(oneVersion, compared)
      ? `${count(oneVersion)} of ${count(compared)} connections got one version only (${chance}). The gateway seems to choose a version for each connection, not for each request.${judged} Renew connections (--requests-per-connection 10) and send more requests, or find out whether session affinity is intended.`
      : `The shares of ${count(compared)} connections differ more than chance explains (${chance}). They may lead to replicas of the gateway that do not agree, or keep to a version for a time.${judged} Compare the replicas one by one (--resolve HOST:PORT:ADDRESS), or renew connections (--requests-per-connection 10).`;
    return [note('connections-differ', text)];
  },
];
