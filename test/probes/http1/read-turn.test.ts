/** How much of one socket is read before the others have their turn. */
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { makeCertificate } from '../../../src/lab/mesh/certificates.js';
import { llhttp } from '../../../src/probes/http1/llhttp.js';
import { MAX_READ_BYTES } from '../../../src/probes/http1/read-turn.js';
import { WireSocket } from '../../../src/probes/http1/wire-socket.js';
import { makeConnector } from '../../../src/probes/lane/connector.js';
import { planFor } from '../../support/plan.js';
import { rawServer, tlsServer } from '../../support/servers.js';

const MUCH = Buffer.alloc(8 * 1024 * 1024);

for (const scheme of ['http', 'https'] as const) {
  test(`${scheme}: a server that sends much at once has its share of each round of the loop`, async (t) => {
    const { certPem: cert, keyPem: key } = await makeCertificate({ names: ['a.example'] });
    const answer = (socket: Socket) => void socket.write(MUCH);
    const server = await (scheme === 'http' ? rawServer(t, answer) : tlsServer(t, { cert, key }, answer));
    const { target } = planFor(`${scheme}://${server.at}/`, { tls: { verify: false } });
    const connectTo = target.connectTo[0] as (typeof target.connectTo)[number];
    const { buffer } = llhttp();
    let inRound = 0;
    let most = 0;
    let all = 0;
    await new Promise<void>((resolve, reject) => {
      const socket = new WireSocket({ connectTo, connector: makeConnector(target, connectTo) }, buffer, {
        socketOpened: (opened) => opened.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n'),
        socketFailed: reject,
        socketLost: (error) => reject(error ?? new Error('ended')),
        bytesReceived: (length) => {
          if (inRound === 0) {
            setImmediate(() => {
              inRound = 0;
            });
          }
          inRound += length;
          all += length;
          most = Math.max(most, inRound);
          if (all === MUCH.length) {
            socket.close();
            resolve();
          }
        },
      });
    });
    assert.ok(most < MAX_READ_BYTES + buffer.length, `${most} bytes in a round`);
  });
}
