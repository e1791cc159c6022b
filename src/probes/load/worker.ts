/** A worker thread: runs an Engine when told to start and posts its blocks to the main thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { runClock } from '../../blocks/clock.js';
import { loadDriver } from '../drivers.js';
import { Engine } from './engine.js';
import type { FromWorker, ToWorker, WorkerStart } from './worker-messages.js';
import { WorkerProgress } from './worker-progress.js';

const port = parentPort;
if (port === null) throw new Error('worker.js can only run as a worker thread');
const { job, progress } = workerData as WorkerStart;
const driver = await loadDriver(job.plan);
let engine: Engine | null = null;
let stopped = false;
let finished = false;
let allowed = 0;
let { level } = job;

async function start(runStartMonotonicUs: number): Promise<void> {
  const started: Engine = new Engine(
    { ...job, level },
    driver,
    new WorkerProgress(progress),
    runClock(runStartMonotonicUs),
    (block, labels) => {
      const message: FromWorker = {
        kind: 'block',
        worker: job.worker,
        buffer: block.buffer,
        length: block.length,
        labels,
        watermarkUs: started.watermarkUs(),
      };
      port?.postMessage(message, [block.buffer]);
    },
  );
  engine = started;
  started.allow(allowed);
  if (finished) started.finish();
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
    case 'allow':
      allowed = message.requests;
      engine?.allow(allowed);
      break;
    case 'renew':
      engine?.renewConnections(message.requestsPerConnection);
      break;
    case 'level':
      if (engine === null) level = { ...level, ...message.level };
      else engine.setLevel(message.level, message.fromUs);
      break;
    case 'finish':
      finished = true;
      engine?.finish();
      break;
    case 'stop':
      stopped = true;
      engine?.stop();
  }
});
port.postMessage({ kind: 'ready' } satisfies FromWorker);
