/** HTTP/2 by node:http2: `load.streams` lanes share a connection. */
import type { Driver } from '../lane/driver.js';
import { Http2Connection } from './http2-connection.js';
import { Http2Lane } from './http2-lane.js';

/**
 * The lanes of a closed loop fill one connection after the other, so that the number of connections grows with
 * `--ramp`. Those of an open loop are made when they are needed, and take the connections in turn.
 */
export const http2Driver: Driver = {
  laneFactory({ target, load, owner, connections: most, varying, nextPlace }) {
    const connections: Http2Connection[] = [];
    let lanes = 0;
    return () => {
      const index = load.mode === 'open' ? lanes % most : Math.floor(lanes / load.streams);
      lanes += 1;
      if (index === connections.length) {
        connections.push(new Http2Connection(owner, target, load, nextPlace(), varying));
      }
      return new Http2Lane(owner, connections[index] as Http2Connection);
    };
  },
};
