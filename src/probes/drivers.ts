/** The registry of drivers, and the lanes of a worker. To add a driver: its files, and its entry in DRIVERS. */
import type { Plan } from '../plan/plan.js';
import type { RunNumbers } from '../plan/values/fill.js';
import { undiciDriver } from './http1/undici-driver.js';
import { wireDriver } from './http1/wire-driver.js';
import { http2Driver } from './http2/http2-driver.js';
import type { LaneShare } from './lane/connection-share.js';
import { makeConnector } from './lane/connector.js';
import type { ConnectionPlace, Driver } from './lane/driver.js';
import type { Lane, LaneOwner } from './lane/lane.js';
import { VaryingRequest } from './request/varying-request.js';

/** For each protocol the first one is used where the plan names none. */
const DRIVERS: readonly Driver[] = [undiciDriver, wireDriver, http2Driver];

/**
 * Prepares the lanes for a worker's share of a plan's connections. Connection number i of the run goes to address
 * i mod n of n, so that over all workers the addresses have equally many connections, give or take one.
 *
 * @param numbers what the requests' values are made from
 * @returns a function that makes the next lane; call it at most as often as the share has lanes
 */
export function laneFactory(
  { target, load }: Plan,
  owner: LaneOwner,
  { firstConnection, connectionStep, connections }: Omit<LaneShare, 'lanes'>,
  numbers: RunNumbers,
): () => Lane {
  const places = target.connectTo.map((connectTo) => ({
    connectTo,
    connector: makeConnector(target, connectTo),
  }));
  let next = firstConnection;
  const nextPlace = (): ConnectionPlace => {
    const place = places[next % places.length] as ConnectionPlace;
    next += connectionStep;
    return place;
  };
  const able = DRIVERS.filter(({ protocols }) => protocols.includes(target.protocol));
  const driver = (able.find(({ name }) => name === load.driver) ?? able[0]) as Driver;
  const varying = VaryingRequest.of(target, load, numbers);
  return driver.laneFactory({ target, load, varying, owner, connections, nextPlace });
}
