// Gets what tests need beyond Node, where pip can: Envoy, and Python's libraries that read saved runs and CSV files.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Problem, pip } from './pip.js';

const CACHE = '.cache';
const LIBRARIES = { pyarrow: '26.0.1', polars: '2.1.0', duckdb: '2.0.1', pandas: '3.1.1' };
const say = (line) => process.stderr.write(`${line}\n`);

/**
 * Gets what is missing, in bounded time. What cannot be had is no error here.
 *
 * @param offline nothing is fetched
 * @returns why something is missing, by the words with which tests are skipped for it
 */
export async function getTestTools(offline) {
  const missing = new Map();
  for (const [words, get] of [
    ['no Envoy', getEnvoy],
    ['no pyarrow, polars, duckdb and pandas', getLibraries],
  ]) {
    const why = await get(offline);
    if (why !== null) missing.set(words, why);
  }
  return missing;
}

/** @returns why there is no Envoy; null if there is one */
async function getEnvoy(offline) {
  const { findEnvoy } = await import(new URL('../.build/src/lab/envoy/find-envoy.js', import.meta.url).href);
  let found = null;
  try {
    found = findEnvoy();
  } catch {}
  const fetched = join(process.cwd(), CACHE, 'envoy', 'envoy');
  if (offline) return found === null ? 'offline' : null;
  // One that was fetched is checked again.
  if (found !== null && found !== fetched) return null;
  const child = spawn(process.execPath, ['scripts/get-envoy.js'], { stdio: ['ignore', 'inherit', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    process.stderr.write(text);
    said += text;
  });
  const [status] = await once(child, 'close');
  return status === 0 ? null : reason(said.slice(said.indexOf('get-envoy: ') + 'get-envoy: '.length));
}

/** @returns why Python cannot import the libraries; null if it can */
async function getLibraries(offline) {
  const folder = join(CACHE, 'python');
  const PYTHONPATH = [folder, process.env.PYTHONPATH].filter(Boolean).join(':');
  const words = ['-c', `import ${Object.keys(LIBRARIES).join(', ')}`];
  if (spawnSync('python3', words, { env: { ...process.env, PYTHONPATH } }).status === 0) return null;
  if (offline) return 'offline';
  const packages = Object.entries(LIBRARIES).map(([name, version]) => `${name}==${version}`);
  const staged = join(CACHE, `python.${process.pid}`);
  process.once('exit', () => rmSync(staged, { recursive: true, force: true }));
  say(`Getting ${packages.join(', ')} with pip, for tests of saved runs and CSV files`);
  try {
    mkdirSync(CACHE, { recursive: true });
    await pip('install', ['--target', staged, ...packages], say);
    rmSync(folder, { recursive: true, force: true });
    renameSync(staged, folder);
    return null;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    say(error.message);
    return reason(error.message);
  }
}

/** The part of pip's words that says why, in one line. */
function reason(said) {
  const lines = said.trim().split('\n');
  const system = /\[Errno -?\d+\] [^'")]+/.exec(said)?.[0];
  return system ?? lines.findLast((line) => line.startsWith('ERROR: '))?.slice('ERROR: '.length) ?? lines[0];
}
