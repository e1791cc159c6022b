// One run by the library, with or without the analysis of ejections: what bench/ejections.js compares.
//   node bench/one-run.js URL REQUESTS CONNECTIONS with|without
import { planFromFlags } from '../dist/cli/options/plan-from-flags.js';
import { run } from '../dist/index.js';

const [url, requests, connections, ejections] = process.argv.slice(2);
const plan = await planFromFlags(
  url,
  { requests, connections, threads: '1', expect: 'v1=90,v2=10', 'endpoint-from': 'header:x-pod' },
  async () => '',
);
const result = await run(plan, {
  ejections: ejections === 'with',
  given: { version: false, endpoint: true },
});
const rows = result.ejections?.timeline.rows.length ?? 0;
console.log(JSON.stringify({ attributed: result.requests.attributed, rows }));
