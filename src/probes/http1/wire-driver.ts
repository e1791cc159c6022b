/** HTTP/1.1 on bare sockets: one lane for each connection. */
import type { Driver } from '../lane/driver.js';
import { llhttp } from './llhttp.js';
import { requestBytes } from './request-bytes.js';
import { WireLane } from './wire-lane.js';

export const wireDriver: Driver = {
  laneFactory({ target, varying, owner, nextPlace }) {
    const request = requestBytes(target);
    return () => new WireLane(owner, llhttp(), nextPlace(), request, varying);
  },
};
