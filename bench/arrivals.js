// The arrival recorder: a server that answers each request at once and notes when it came, for the lateness of open
// loops. It uses raw sockets, so that its own work adds a few µs. Prints its port.
//   node bench/arrivals.js
//   GET /                                  counted
//   GET /reset                             forgets what came; answers when it has
//   GET /lateness?rate=1000&last=3000      the lateness of the last 3,000 that came, as JSON
//
// A server does not know when a request was due, so lateness counts from the best line through what came: request i is
// due at i ÷ rate after a start that makes the earliest one 0 late. This asks nothing of the client but even arrivals, and
// is the same for all clients. What all requests take on their way is not in it. The first 300 ms do not say what is early: some
// clients send a request on each connection at once, and are even from then on.
import { createServer } from 'node:net';

const MAX_ARRIVALS = 4_000_000;
const arrivals = new Float64Array(MAX_ARRIVALS);
let count = 0;

const response = (text, type) =>
  Buffer.from(
    `HTTP/1.1 200 OK\r\nx-app-version: v1\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
const ANSWER = response('hello from backend v1\n', 'text/plain');
const END = Buffer.from('\r\n\r\n');
const COMMAND = Buffer.from('GET /reset ');
const QUESTION = Buffer.from('GET /lateness?');

/** How late arrivals were (µs). @param even from which arrival on they tell the schedule */
function lateness(times, rate, even) {
  const gapUs = 1e6 / rate;
  let startUs = Number.POSITIVE_INFINITY;
  for (let i = even; i < times.length; i += 1) startUs = Math.min(startUs, times[i] - i * gapUs);
  return times.map((time, i) => Math.max(0, time - i * gapUs - startUs));
}

function figures(late) {
  const sorted = late.toSorted();
  const at = (share) => Math.round(sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0);
  return { count: sorted.length, p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}

/** Of all, of those that were due in the first 300 ms, and of the others. */
function report(url) {
  const query = new URL(url, 'http://localhost').searchParams;
  const rate = Number(query.get('rate'));
  const last = Math.min(count, Number(query.get('last') ?? count));
  const early = Math.round(rate * 0.3);
  const times = arrivals.slice(count - last, count).sort();
  const late = lateness(times, rate, Math.min(early, times.length - 1));
  return {
    all: figures(late),
    first300ms: figures(late.subarray(0, early)),
    rest: figures(late.subarray(early)),
  };
}

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => {});
  // Clients send one request at a time and no body, so each chunk that ends a head is one request.
  socket.on('data', (chunk) => {
    const nowUs = performance.now() * 1000;
    if (!chunk.subarray(-4).equals(END)) return;
    const starts = (bytes) => chunk.subarray(0, bytes.length).equals(bytes);
    if (starts(COMMAND)) {
      count = 0;
      socket.write(response('', 'text/plain'));
    } else if (starts(QUESTION)) {
      const [, url] = chunk.toString('latin1').split(' ');
      socket.write(response(JSON.stringify(report(url)), 'application/json'));
    } else {
      if (count < MAX_ARRIVALS) arrivals[count] = nowUs;
      count += 1;
      socket.write(ANSWER);
    }
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
