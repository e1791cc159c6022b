/** Makes a worker's lanes for a plan. */
import type { LoadPlan, Plan } from '../plan/plan.js';
import { requestOptions, UndiciLane } from './http1/undici-lane.js';
import { Http2Connection } from './http2/http2-connection.js';
import { Http2Lane } from './http2/http2-lane.js';
import type { LaneShare } from './lane/connection-share.js';
import { makeConnector } from './lane/connector.js';
import type { Lane, LaneOwner } from './lane/lane.js';

/**
 * Connection number i of a run goes to address i mod n of n, so that the addresses have equally many, give or
 * take one, over all workers.
 *
 * @returns a function that makes the next lane, no more often than there are lanes in the plan
 */
export function laneMaker(
  plan: Plan,
  owner: LaneOwner,
  share: Pick<LaneShare, 'firstConnection' | 'connections'>,
): () => Lane {
  const { target, load } = plan;
  const addresses = target.connectTo.map((to) => ({ to, connector: makeConnector(target, to) }));
  let next = share.firstConnection;
  const nextAddress = () => {
    next += 1;
    return addresses[(next - 1) % addresses.length] as (typeof addresses)[number];
  };
  if (target.protocol === 'h2') {
    return streamMaker(load, owner, share.connections, () => {
      const { to, connector } = nextAddress();
      return new Http2Connection(owner, target, load, to, connector);
    });
  }
  const options = requestOptions(target);
  const perConnection = load.requestsPerConnection ?? Number.POSITIVE_INFINITY;
  return () => {
    const { to, connector } = nextAddress();
    return new UndiciLane(owner, to, options, perConnection, connector);
  };
}

/**
 * Streams on connections. A closed loop's lanes fill one connection after the other, so that connections grow
 * with `--ramp`; an open loop's are made as they are needed, and go round the connections.
 */
function streamMaker(
  load: LoadPlan,
  owner: LaneOwner,
  most: number,
  makeConnection: () => Http2Connection,
): () => Http2Lane {
  const connections: Http2Connection[] = [];
  let lanes = 0;
  return () => {
    const index = load.mode === 'open' ? lanes % most : Math.floor(lanes / load.streams);
    lanes += 1;
    if (index === connections.length) connections.push(makeConnection());
    return new Http2Lane(owner, connections[index] as Http2Connection);
  };
}
