/** The registry of drivers, and the lanes of a worker. To add a driver: its files, and its entry in DRIVERS. */
import type { DriverName, Plan, Target } from '../plan/plan.js';
import type { RunNumbers } from '../plan/values/fill.js';
import type { LaneShare } from './lane/connection-share.js';
import { makeConnector } from './lane/connector.js';
import type { ConnectionPlace, Driver } from './lane/driver.js';
import type { Lane, LaneOwner } from './lane/lane.js';
import { VaryingRequest } from './request/varying-request.js';

interface Entry {
  /** Name of the implementation, unique among drivers. */
  readonly name: DriverName;
  /** Protocols of a target that it can send. */
  readonly protocols: readonly Target['protocol'][];
  /** Its code is loaded only when it is used: each thread would pay for undici and node:http2, and uses one driver. */
  readonly load: () => Promise<Driver>;
}

/** For each protocol the first one is used where the plan names none. */
const DRIVERS: readonly Entry[] = [
  {
    name: 'wire',
    protocols: ['http/1.1'],
    load: async () => (await import('./http1/wire-driver.js')).wireDriver,
  },
  {
    name: 'undici',
    protocols: ['http/1.1'],
    load: async () => (await import('./http1/undici-driver.js')).undiciDriver,
  },
  {
    name: 'node-http2',
    protocols: ['h2'],
    load: async () => (await import('./http2/http2-driver.js')).http2Driver,
  },
];

/** Loads the driver of a plan. */
export async function loadDriver({ target, load }: Plan): Promise<Driver> {
  const able = DRIVERS.filter(({ protocols }) => protocols.includes(target.protocol));
  const entry = able.find(({ name }) => name === load.driver) ?? able[0];
  return (entry as Entry).load();
}

/**
 * Prepares the lanes for a worker's share of a plan's connections. Connection number i of the run goes to address
 * i mod n of n, so that over all workers the addresses have equally many connections, give or take one.
 *
 * @param driver the plan's
 * @param numbers what the requests' values are made from
 * @returns a function that makes the next lane; call it at most as often as the share has lanes
 */
export function laneFactory(
  driver: Driver,
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
  const varying = VaryingRequest.of(target, load, numbers);
  return driver.laneFactory({ target, load, varying, owner, connections, nextPlace });
}
