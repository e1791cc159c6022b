/** HTTP/1.1 by undici: one lane for each connection. */
import type { Driver } from '../lane/driver.js';
import { prepareRequest, UndiciLane } from './undici-lane.js';

export const undiciDriver: Driver = {
  name: 'undici',
  protocols: ['http/1.1'],
  laneFactory({ target, load, varying, owner, nextPlace }) {
    const request = prepareRequest(target);
    const requestsPerConnection = load.requestsPerConnection ?? Number.POSITIVE_INFINITY;
    return () => new UndiciLane(owner, nextPlace(), request, requestsPerConnection, varying);
  },
};
