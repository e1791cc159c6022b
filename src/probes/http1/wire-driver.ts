/** HTTP/1.1 on bare sockets: one lane for each connection. */
import type { Driver } from '../lane/driver.js';
import { llhttp } from './llhttp.js';
import { requestBytes } from './request-bytes.js';
import { WireLane } from './wire-lane.js';

/** Made when the driver is loaded: the clock of a run has not started by then. */
const parsing = llhttp();

export const wireDriver: Driver = {
  laneFactory({ target, varying, owner, nextPlace }) {
    const request = requestBytes(target);
    return () => new WireLane(owner, parsing, nextPlace(), request, varying);
  },
};
