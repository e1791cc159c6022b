/** Makes a worker's lanes for a plan. */
import type { Plan } from '../plan/plan.js';
import { Connection, requestOptions } from './connection.js';
import { makeConnector } from './connector.js';
import type { Lane, LaneOwner } from './lane.js';

/** @returns a function that makes the next lane */
export function laneMaker(plan: Plan, owner: LaneOwner): () => Lane {
  const { target, load } = plan;
  const options = requestOptions(target);
  const connector = makeConnector(target);
  const perConnection = load.requestsPerConnection ?? Number.POSITIVE_INFINITY;
  return () => new Connection(owner, target, options, perConnection, connector);
}
