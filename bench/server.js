// The server of the benchmarks: answers every request at once with the small body of http-echo, from two versions at
// 90/10. It uses raw sockets, so that it needs little CPU and the client is the bottleneck. Prints its port.
//   node bench/server.js endpoints    each answer also names one of three endpoints per version, in the header x-pod
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
  // The clients send one request at a time and no body, so each chunk that ends a head is one request.
  socket.on('data', (chunk) => {
    if (chunk.subarray(-4).equals(END)) {
      served += 1;
      socket.write(answers[served % answers.length]);
    }
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
