// k6's script: so many requests, or a constant rate. bench/peers.js sets the variables.
import http from 'k6/http';

const { TARGET, CONNECTIONS, REQUESTS, RATE, SECONDS } = __ENV;

const closed = { executor: 'shared-iterations', vus: Number(CONNECTIONS), iterations: Number(REQUESTS) };
const open = {
  executor: 'constant-arrival-rate',
  preAllocatedVUs: Number(CONNECTIONS),
  rate: Number(RATE),
  timeUnit: '1s',
  duration: `${SECONDS}s`,
};

export const options = {
  scenarios: { load: RATE === undefined ? closed : open },
  discardResponseBodies: true,
  insecureSkipTLSVerify: true,
};

export default () => http.get(TARGET);

export const handleSummary = ({ metrics }) => {
  const failed = metrics.http_req_failed.values.passes;
  return { stdout: JSON.stringify({ completed: metrics.http_reqs.values.count - failed }) };
};
