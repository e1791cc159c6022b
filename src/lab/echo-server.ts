/**
 * The echo server of `weighbridge doctor`, a process of its own: it answers each request with the same few bytes, so that a
 * client that sends to it is measured, and hardly the server. It ends when its parent does.
 */
import { type AddressInfo, createServer } from 'node:net';

const ANSWER = Buffer.from('HTTP/1.1 200 OK\r\nx-version: echo\r\ncontent-length: 3\r\n\r\nok\n', 'latin1');
const HEAD_END = '\r\n\r\n';

/** Each connection carries one request at a time, without a body, and a head may come in parts. */
const server = createServer({ noDelay: true }, (socket) => {
  let rest = '';
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes) => {
    const text = rest + bytes.toString('latin1');
    const parts = text.split(HEAD_END);
    rest = parts.pop() as string;
    for (const _request of parts) socket.write(ANSWER);
  });
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.once('disconnect', () => process.exit());
// A terminal sends Ctrl-C to this process too. The parent says when it is over.
process.on('SIGINT', () => {});
