/** Servers that keep a request waiting: only the time-out ends it. */
import { drips, FAULTY, type Fault, faultyAnswer, head, says } from './fault.js';

const MEGABYTE = 1024 * 1024;

const stall = (name: string, answer: Fault['answer'] & {}, more: Partial<Fault> = {}): Fault => ({
  name,
  to: 'stalls',
  answer,
  outcome: 'timeout',
  ...more,
});

export const STALL_FAULTS: readonly Fault[] = [
  stall('never answers', () => {}),
  stall('stops in the middle of the head', says(head().slice(0, -6))),
  stall('stops in the middle of the body', says(`${head('content-length: 10')}four`), { version: FAULTY }),
  stall('stops in the middle of a chunk', says(`${head('transfer-encoding: chunked')}a\r\nfour`), {
    version: FAULTY,
  }),
  stall('leaves a body open that ends with the connection', says(`${head()}ok`), { version: FAULTY }),
  stall('Content-Length too long, left open', says(`${head('content-length: 200')}ok`), { version: FAULTY }),
  stall('a byte a second of the head', drips(faultyAnswer, 1000)),
  stall(
    'a byte a second of the body',
    (socket) => {
      socket.write(head('content-length: 1000'));
      drips('x'.repeat(1000), 1000)(socket);
    },
    { version: FAULTY },
  ),
  stall('a 103 each 100 ms', (socket) => {
    const timer = setInterval(() => socket.write('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'), 100);
    socket.once('close', () => clearInterval(timer));
  }),
  stall('never reads the body of the request', (socket) => socket.pause(), {
    to: 'all',
    bodyBytes: 8 * MEGABYTE,
  }),
];
