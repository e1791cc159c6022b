// The servers of the benchmarks, each a process on the servers' core.
import { connect } from 'node:net';
import { generate } from 'selfsigned';
import { nginxVersion, prepareNginx } from './nginx.js';
import { startProcess } from './processes.js';

const BODIES = { '10k': 10_240, '100k': 102_400 };
const hasLine = (out) => out.includes('\n');

const listens = (port) =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true));
    socket.on('error', () => resolve(false));
    socket.on('close', () => resolve(false));
    setTimeout(() => socket.destroy(), 100);
  });

/** The raw server alone, without TLS. @returns its URL, and a function that stops it */
export async function startServer() {
  const server = await startProcess([process.execPath, 'bench/server.js'], hasLine);
  return { ...server, url: `http://127.0.0.1:${JSON.parse(server.out).http}/` };
}

const addresses = ({ http, https }) => ({
  url: ({ tls = false, path = '' }) =>
    tls ? `https://127.0.0.1:${https}/${path}` : `http://127.0.0.1:${http}/${path}`,
});

/** nginx where it is in PATH, else the raw server. `url({ tls, path })` gives the place of an answer. */
export async function startFullServer() {
  const pem = await generate([{ name: 'commonName', value: 'localhost' }], { algorithm: 'sha256' });
  const tls = { cert: pem.cert, key: pem.private };
  const version = nginxVersion();
  if (version === null) {
    const command = [process.execPath, 'bench/server.js', JSON.stringify(tls), JSON.stringify(BODIES)];
    const server = await startProcess(command, hasLine);
    return { ...server, name: 'bench/server.js', ...addresses(JSON.parse(server.out)) };
  }
  const { command, ports, remove } = await prepareNginx(tls, BODIES);
  const server = await startProcess(command, () => true);
  while (!(await listens(ports.https))) await new Promise((resolve) => setTimeout(resolve, 20));
  const stop = async () => {
    await server.stop();
    remove();
  };
  return { ...server, stop, name: `nginx ${version}`, ...addresses(ports) };
}

/** Notes when requests arrive. `lateness(rate, last)` gives how late the last of them were (µs); `reset` forgets them. */
export async function startRecorder() {
  const server = await startProcess([process.execPath, 'bench/arrivals.js'], hasLine);
  const url = `http://127.0.0.1:${server.out.trim()}/`;
  const ask = async (path) => (await fetch(url + path)).text();
  return {
    ...server,
    name: 'bench/arrivals.js',
    url: () => url,
    reset: () => ask('reset'),
    lateness: async (rate, last) => JSON.parse(await ask(`lateness?rate=${rate}&last=${last}`)),
  };
}
