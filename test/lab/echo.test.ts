import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { startEcho } from '../../src/lab/echo.js';

test('the echo server answers each request once, also one that comes in parts, and ends when it is told to', async (t) => {
  const echo = await startEcho();
  t.after(() => echo.stop());
  const socket = connect(Number(new URL(echo.url).port), '127.0.0.1').setNoDelay();
  t.after(() => socket.destroy());
  let text = '';
  socket.setEncoding('latin1').on('data', (part: string) => {
    text += part;
  });
  const answers = async (n: number) => {
    while (text.split('ok\n').length - 1 < n) await once(socket, 'data');
  };
  socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n');
  await answers(1);
  socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r');
  socket.write('\nGET / HTTP/1.1\r\n\r\n');
  await answers(3);
  assert.equal(text, 'HTTP/1.1 200 OK\r\nx-version: echo\r\ncontent-length: 3\r\n\r\nok\n'.repeat(3));
  const closed = once(socket, 'close');
  socket.on('error', () => {});
  await echo.stop();
  await closed;
});
