/**
 * Why shares are off, or draws are not independent. Each test has a chance of 1 % of an alarm where there is nothing; that
 * connections keep to versions, 0.1 %, since it alone changes the verdict. They are asked in this order, so that one is not taken
 * for another: connections that keep to versions also look like turns or bursts.
 */
import { variesTooLittle } from '../connections.js';
import type { ConnectionsResult, RunResult } from '../result.js';
import { addressFindings } from './addresses.js';
import { connectionFinding } from './connections.js';
import { burstsFinding, changeFinding, turnsFinding } from './draws.js';
import type { Finding } from './finding.js';
import { DISPERSION_ALPHA, type SendOrder } from './send-order.js';

export interface FindingsInput extends Pick<RunResult, 'addresses' | 'versions'> {
  readonly order: SendOrder;
  readonly connections: ConnectionsResult | null;
  /** Responses of each connection, by column. */
  readonly byConnection: readonly ArrayLike<number>[];
  /** The same of one address. */
  readonly ofOneAddress: readonly ArrayLike<number>[];
  /** Of the columns of connections and of the order of sending. */
  readonly columnNames: readonly string[];
  /** The run has closed connections after some requests, to have more of them. */
  readonly renewed: boolean;
}

export function findingsOf({
  order,
  connections,
  byConnection,
  ofOneAddress,
  columnNames,
  renewed,
  ...run
}: FindingsInput): Finding[] {
  if (connections?.keepVersion === true) {
    return [connectionFinding(connections, ofOneAddress, columnNames, renewed)];
  }
  const { spread, bursts, change } = order;
  return [
    ...addressFindings(run),
    ...(spread !== null && variesTooLittle(spread, byConnection, DISPERSION_ALPHA)
      ? [turnsFinding(spread)]
      : []),
    ...(bursts === null ? [] : [burstsFinding(bursts)]),
    ...(change === null ? [] : [changeFinding(change, columnNames)]),
  ];
}
