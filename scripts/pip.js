// Runs pip for get-envoy.js and test-tools.js: in bounded time, and never code of the current folder.
import { spawn } from 'node:child_process';

/** An error for people: printed without a stack. */
export class Problem extends Error {}

/** pip gives up when a connection is silent for this long, and tries once more. */
const SILENCE_SECONDS = 15;
/** For a whole call of pip. */
const TIMEOUT_MS = 10 * 60_000;

let child = null;
process.on('exit', () => child?.kill('SIGKILL'));
// So that what listens for 'exit' cleans up.
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));

/**
 * Downloads or installs wheels, and nothing else: no code of a package is run.
 *
 * @param command `download` or `install`
 * @param words options and packages
 * @param say called with a line that says where pip looks, if that is configured on this machine
 * @throws Problem with what pip said
 */
export async function pip(command, words, say) {
  const configured = await configuredSources();
  if (configured.length > 0) say(`Where pip looks is configured: ${configured.join(', ')}`);
  const calm = ['--quiet', '--disable-pip-version-check', '--no-input', '--only-binary=:all:'];
  const bounded = ['--timeout', String(SILENCE_SECONDS), '--retries', '1'];
  await python(['-m', 'pip', command, ...calm, ...bounded, ...words]);
}

/** What changes where pip looks, in variables and in its configuration files, without passwords. */
async function configuredSources() {
  const listed = await python(['-m', 'pip', 'config', 'list']);
  const settings =
    /^(:env:|global|user|site|download|install)\.(index-url|extra-index-url|find-links|no-index|proxy)='(.*)'$/gm;
  return [...listed.matchAll(settings)].map(([, where, name, value]) => {
    const from = where === ':env:' ? `PIP_${name.toUpperCase().replaceAll('-', '_')}` : `${where}.${name}`;
    return `${from}=${value.replaceAll('\\n', ' ').replace(/\/\/[^/\s]*@/g, '//')}`;
  });
}

/**
 * Runs python3 in isolated mode: without the current folder and PYTHONPATH, where a folder `pip` would be run instead.
 *
 * @returns what it wrote to standard output
 * @throws Problem with what it wrote to standard error
 */
export function python(words) {
  return new Promise((resolve, reject) => {
    child = spawn('python3', ['-I', ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
      // Not `timeout`: its timer would keep this process alive if there is no python3.
      signal: AbortSignal.timeout(TIMEOUT_MS),
      killSignal: 'SIGKILL',
    });
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr']) {
      child[name].setEncoding('utf8').on('data', (text) => {
        said[name] = (said[name] + text).slice(-100_000);
      });
    }
    child.on('error', (error) => {
      const why = {
        ENOENT: 'There is no python3.',
        ABORT_ERR: `python3 took more than ${TIMEOUT_MS / 60_000} min.`,
      };
      reject(new Problem(why[error.code] ?? `python3: ${error.message}`));
    });
    child.on('close', (status, signal) => {
      child = null;
      if (status === 0) resolve(said.stdout);
      else reject(new Problem(said.stderr.trim() || `python3 failed (${signal ?? `exit status ${status}`})`));
    });
  });
}
