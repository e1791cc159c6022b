/** A worker thread: runs an Engine when told to start and posts its blocks to the main thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { runClock } from '../../blocks/clock.js';
import type { Engine } from './engine.js';
import type { FromWorker, ToWorker, WorkerJob } from './worker-messages.js';

const port = parentPort;
if (port === null) throw new Error('worker.js can only run as a worker thread');
const job = workerData as WorkerJob;
let engine: Engine | null = null;
let stopped = false;

/**
 * Loads the engine in two steps. Node opens all files of a step at once, and several workers load at the same time:
 * in one step they could exceed a low limit of open files (ulimit -n).
 */
async function loadEngine(): Promise<typeof Engine> {
  await import('../identifier/identifier.js');
  return (await import('./engine.js')).Engine;
}

const EngineClass = await loadEngine();

async function start(runStartMonotonicUs: number): Promise<void> {
  const started: Engine = new EngineClass(job, runClock(runStartMonotonicUs), (block, labels) => {
    const message: FromWorker = {
      kind: 'block',
      worker: job.worker,
      buffer: block.buffer,
      length: block.length,
      labels,
      watermarkUs: started.watermarkUs(),
    };
    port?.postMessage(message, [block.buffer]);
  });
  engine = started;
  if (stopped) started.stop();
  const summary = await started.run();
  port?.postMessage({ kind: 'done', worker: job.worker, summary } satisfies FromWorker);
  port?.close();
}

port.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'start':
      void start(message.runStartMonotonicUs);
      break;
    case 'recycle':
      engine?.recycle(message.buffer);
      break;
    case 'stop':
      stopped = true;
      engine?.stop();
  }
});
port.postMessage({ kind: 'ready' } satisfies FromWorker);
