// What was measured with what: versions of programs and libraries, and the machine.
import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';

const libraryVersion = (name) =>
  JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')).version;

export function machineLines(peers, { quick, pinned, seconds }) {
  const [cpu] = cpus();
  const where = pinned ? 'the server pinned to one core and the client to another' : 'nothing pinned';
  return [
    `Measured on ${new Date().toISOString().slice(0, 10)}${quick ? ' with `--quick`' : ''}, in ${Math.round(seconds / 60)} minutes, on ${cpus().length} cores (${cpu.model.trim()}), ${where}.`,
    `The machine's load was ${loadavg()[0].toFixed(1)} at the end.`,
    '',
    `Node.js ${process.versions.node}, undici ${libraryVersion('undici')}, llhttp ${process.versions.llhttp}; ${peers.map(({ name, version }) => `${name} ${version}`).join(', ')}.`,
  ];
}
