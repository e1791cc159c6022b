/** A worker thread: runs an Engine when told to start and posts its blocks to the main thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { monotonicUs, settableRunClock } from '../../blocks/clock.js';
import { loadDriver } from '../drivers.js';
import { Engine } from './engine.js';
import type { FromWorker, ToWorker, WorkerStart } from './worker-messages.js';
import { WorkerProgress } from './worker-progress.js';

const port = parentPort;
if (port === null) throw new Error('worker.js can only run as a worker thread');
const { job, progress } = workerData as WorkerStart;
const driver = await loadDriver(job.plan);
const clock = settableRunClock(monotonicUs());
/** Made before the start if it has something to prepare. */
let prepared: Engine | null = null;
/** Set when it runs. */
let engine: Engine | null = null;
let stopped = false;
let finished = false;
let allowed = 0;
let { level } = job;

function makeEngine(): Engine {
  const made: Engine = new Engine(
    { ...job, level },
    driver,
    new WorkerProgress(progress),
    clock.now,
    (block, labels) => {
      const message: FromWorker = {
        kind: 'block',
        worker: job.worker,
        buffer: block.buffer,
        length: block.length,
        labels,
        watermarkUs: made.watermarkUs(),
      };
      port?.postMessage(message, [block.buffer]);
    },
  );
  return made;
}

/** In an open loop the first request is due when the run clock starts: all must be there by then. */
async function prepare(): Promise<void> {
  if (job.plan.load.mode !== 'open') return;
  // Loaded only where it is used: it has a server too.
  const { rehearse } = await import('./rehearsal.js');
  await rehearse(job, driver, clock.now);
  prepared = makeEngine();
  if (!stopped) await prepared.prepare();
}

async function start(runStartMonotonicUs: number): Promise<void> {
  clock.startAt(runStartMonotonicUs);
  const started = prepared ?? makeEngine();
  engine = started;
  if (prepared !== null && level !== undefined && level !== job.level) started.setLevel(level, 0);
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
      prepared?.stopPreparing();
  }
});
await prepare();
port.postMessage({ kind: 'ready' } satisfies FromWorker);
