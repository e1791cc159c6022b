/**
 * A program: a run in whose middle something else takes every file that the process may open, until some
 * connections could not be opened, and then gives them back. Prints the result. Argument: the URL.
 */
import { closeSync, openSync } from 'node:fs';
import { run } from '../../src/run.js';
import { planFor } from './plan.js';

const STARVED = 20;
const MORE = 500;

const taken: number[] = [];
const abort = new AbortController();
let enough = Number.POSITIVE_INFINITY;

function starve(): void {
  // While the workers close and open connections: a free file is gone before they take it again.
  for (const until = performance.now() + 100; performance.now() < until; ) {
    try {
      taken.push(openSync(process.execPath, 'r'));
    } catch {
      // None is free now.
    }
  }
}

const load = {
  connections: 20,
  requests: null,
  durationMs: 60_000,
  requestsPerConnection: 1,
  timeoutMs: 30_000,
};
const result = await run(planFor(process.argv[2] as string, { load }), {
  preflight: false,
  signal: abort.signal,
  onProgress: (live) => {
    const { attributed, failed } = live();
    if (attributed > enough) abort.abort();
    else if (enough !== Number.POSITIVE_INFINITY) return;
    else if (failed < STARVED) starve();
    else {
      for (const file of taken.splice(0)) closeSync(file);
      enough = attributed + MORE;
    }
  },
});
process.stdout.write(JSON.stringify(result));
