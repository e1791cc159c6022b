// The bench's server: answers every request at once with http-echo's small body, from two versions at 90/10.
// Raw sockets, so that it costs little and the client is what is measured. Prints its port.
//   node bench/server.js endpoints    with an endpoint of three in each answer, by the header x-pod
import { createServer } from 'node:net';

const telling = process.argv[2] === 'endpoints';
const answer = (version, pod) => {
  const endpoint = telling ? `x-pod: ${version}-${pod}\r\n` : '';
  const body = `hello from backend ${version}\n`;
  return Buffer.from(
    'HTTP/1.1 200 OK\r\nx-app-name: http-echo\r\nx-app-version: 1.0.0\r\ndate: Thu, 01 Jan 2026 00:00:00 GMT\r\n' +
      `content-length: ${body.length}\r\ncontent-type: text/plain; charset=utf-8\r\nx-envoy-upstream-service-time: 1\r\nserver: istio-envoy\r\n${endpoint}\r\n${body}`,
  );
};
const answers = Array.from({ length: 30 }, (_, index) => answer(index % 10 === 0 ? 'v2' : 'v1', index % 3));
const END = Buffer.from('\r\n\r\n');
let served = 0;

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => {});
  // Clients here send one request at a time and no body: each chunk that ends a head is one request.
  socket.on('data', (chunk) => {
    if (chunk.subarray(-4).equals(END)) {
      served += 1;
      socket.write(answers[served % answers.length]);
    }
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
