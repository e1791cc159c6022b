/** HTTP/1.1 by undici: one lane for each connection. */
import type { Driver } from '../lane/driver.js';
import { prepareRequest, UndiciLane } from './undici-lane.js';

export const undiciDriver: Driver = {
  laneFactory({ target, varying, owner, nextPlace }) {
    const request = prepareRequest(target);
    return () => new UndiciLane(owner, nextPlace(), request, varying);
  },
};
