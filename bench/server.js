// The server of the benchmarks where there is no nginx: answers every request at once, from two versions at 90/10, and names one
// of three endpoints of each. It uses raw sockets, so that it needs little CPU. Prints its ports as JSON.
//   node bench/server.js [CERT_AND_KEY BODIES]     both JSON: {"cert", "key"} for TLS, {"10k": 10240} for larger bodies
import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

const [pems, bodies = '{}'] = process.argv.slice(2);

const answer = (version, pod, more, body) =>
  Buffer.from(
    'HTTP/1.1 200 OK\r\ndate: Thu, 01 Jan 2026 00:00:00 GMT\r\nserver: istio-envoy\r\nx-envoy-upstream-service-time: 1\r\n' +
      `content-length: ${body.length}\r\ncontent-type: text/plain; charset=utf-8\r\n${more}x-pod: ${version}-${pod}\r\n\r\n${body}`,
  );
/** A path's answers, used in turn. */
const answers = (more, body) =>
  Array.from({ length: 30 }, (_, index) => {
    const version = index % 10 === 0 ? 'v2' : 'v1';
    return answer(version, index % 3, more(version), body(version));
  });
const small = answers(
  () => 'x-app-name: http-echo\r\nx-app-version: 1.0.0\r\n',
  (version) => `hello from backend ${version}\n`,
);
const large = Object.entries(JSON.parse(bodies)).map(([path, size]) => ({
  start: Buffer.from(`GET /${path} `),
  of: answers(
    (version) => `x-app-version: ${version}\r\n`,
    () => 'x'.repeat(size),
  ),
}));
const END = Buffer.from('\r\n\r\n');
let served = 0;

function serve(socket) {
  socket.on('error', () => {});
  // The clients send one request at a time and no body, so each chunk that ends a head is one request.
  socket.on('data', (chunk) => {
    if (!chunk.subarray(-4).equals(END)) return;
    const asked = large.find(({ start }) => chunk.subarray(0, start.length).equals(start));
    const { of } = asked ?? { of: small };
    served += 1;
    socket.write(of[served % of.length]);
  });
}
const listen = (server) =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));

const http = await listen(createServer({ noDelay: true }, serve));
const https =
  pems === undefined ? null : await listen(createTlsServer({ noDelay: true, ...JSON.parse(pems) }, serve));
process.stdout.write(`${JSON.stringify({ http, https })}\n`);
