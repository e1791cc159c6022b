// The driver alone: one worker's engine, whose samples nobody reads, in a thread. Prints the number of good responses.
//   node bench/driver-alone.js URL REQUESTS CONNECTIONS     after `npm run build:test`
import { monotonicUs, runClock } from '../.build/src/blocks/clock.js';
import { makePlan } from '../.build/src/plan/make-plan.js';
import { loadDriver } from '../.build/src/probes/drivers.js';
import { Engine } from '../.build/src/probes/load/engine.js';
import { WorkerProgress } from '../.build/src/probes/load/worker-progress.js';

const [url, requests, connections] = process.argv.slice(2);
const load = { requests: Number(requests), connections: Number(connections), threads: 1, driver: 'wire' };
const plan = await makePlan({ url, versionFrom: 'none', load });
let good = 0;
const engine = new Engine(
  { plan, worker: 0, workers: 1 },
  await loadDriver(plan),
  new WorkerProgress(),
  runClock(monotonicUs()),
  (block) => {
    for (let row = 0; row < block.length; row += 1) if (block.status[row] === 200) good += 1;
    setImmediate(() => engine.recycle(block.buffer));
  },
);
await engine.run();
console.log(good);
