// One run by the library, with or without the search for ejections. bench/ejections.js compares the two.
//   node bench/one-run.js URL REQUESTS CONNECTIONS with|without
import { makePlan, run } from '../dist/index.js';

const [url, requests, connections, ejections] = process.argv.slice(2);
const plan = await makePlan({
  url,
  expect: { v1: 90, v2: 10 },
  endpointFrom: 'header:x-pod',
  load: { requests: Number(requests), connections: Number(connections), threads: 1 },
});
const result = await run(plan, { ejections: ejections === 'with' });
const rows = result.ejections?.timeline.rows.length ?? 0;
console.log(JSON.stringify({ attributed: result.requests.attributed, rows }));
