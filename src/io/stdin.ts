/** Reads manifests from standard input. */
import { OptionError } from '../errors.js';

/** More than the routes of any cluster need. An endless pipe must not fill the memory. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Standard input as text.
 *
 * @throws OptionError if it is a terminal, or too large
 */
export async function readStdin(): Promise<string> {
  if (process.stdin.isTTY) {
    throw new OptionError(
      (name) =>
        `${name('manifests')} -: standard input is the terminal. Pipe manifests in, e.g. 'kubectl get … -o yaml |'.`,
    );
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_BYTES) {
      throw new OptionError((name) => `${name('manifests')} -: standard input is larger than 64 MiB.`);
    }
  }
  return Buffer.concat(chunks).toString('utf8');
}
