/** A lane of HTTP/1.1 over real sockets, one request at a time. */
import type { Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { PHASE } from '../../../src/blocks/sample-block.js';
import { llhttp } from '../../../src/probes/http1/llhttp.js';
import { requestBytes } from '../../../src/probes/http1/request-bytes.js';
import { prepareRequest, UndiciLane } from '../../../src/probes/http1/undici-lane.js';
import { WireLane } from '../../../src/probes/http1/wire-lane.js';
import { type Connector, makeConnector } from '../../../src/probes/lane/connector.js';
import type { LaneOwner } from '../../../src/probes/lane/lane.js';
import { planFor } from '../plan.js';
import type { Http1Driver } from './fed-lane.js';

/** A connection, the sockets that it opened, and a way to send one request. */
export function connectionTo(
  t: TestContext,
  driver: Http1Driver,
  at: string,
  {
    body = null,
    requests = Number.POSITIVE_INFINITY,
  }: { readonly body?: Buffer | null; readonly requests?: number } = {},
) {
  const { target } = planFor(`http://${at}/`);
  const connectTo = target.connectTo[0] as (typeof target.connectTo)[number];
  const connect = makeConnector(target, connectTo);
  const sockets: Socket[] = [];
  const connector: Connector = (callback, reader) => {
    const socket = connect(callback, reader);
    sockets.push(socket);
    return socket;
  };
  const seen = { unasked: 0 };
  let ended: (error: unknown) => void = () => {};
  let atEnd = () => {};
  const owner: LaneOwner = {
    now: () => performance.now() * 1000,
    requestsPerConnection: requests,
    wantsBody: () => true,
    firstByteAtBody: false,
    bodyLimitBytes: 65_536,
    finished: (_, error) => {
      atEnd();
      ended(error);
    },
    connecting: () => 0,
    opened: () => 0,
    nextConnectionSerial: () => sockets.length,
    becameReady: () => {},
    streamLimitReceived: () => {},
    unaskedBytes: () => {
      seen.unasked += 1;
    },
  };
  const request = { ...target, body, method: body === null ? 'GET' : 'POST' };
  const place = { connectTo, connector };
  const connection =
    driver === 'wire'
      ? new WireLane(owner, llhttp(), place, requestBytes(request))
      : new UndiciLane(owner, place, prepareRequest(request));
  t.after(() => connection.close());
  /** @returns the error that it ended with, or null */
  const send = () =>
    new Promise<unknown>((resolve) => {
      ended = resolve;
      connection.start(owner.now(), PHASE.measured, 0);
    });
  const onFinished = (action: () => void) => {
    atEnd = action;
  };
  return { connection, sockets, seen, send, onFinished };
}
