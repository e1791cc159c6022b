// The goals. Each `judge` takes what was measured, client by client, weighbridge first, and gives the goal in words, what was
// measured, and whether it is met; null if what it needs was not measured.
import { median, ratios, spread } from './figures.js';
import { VALUES } from './values.js';

/** Where there is no oha: wrk takes 0.75 to 0.9 of its CPU per request (measured side by side). */
const WRK_OF_OHA = 0.8;

const figures = (results, name, value) => results.get(name)?.map(VALUES[value].of);
const own = (results, value) => [...results.values()][0].map(VALUES[value].of);

const judged = (what, measured, limit) => ({
  what,
  measured: spread(measured),
  met: median(measured) <= limit,
});

/** CPU per request is at most `limit` times the peer's. */
export const ratioGoal = (peer, limit) => (results) => {
  const others = figures(results, peer, 'cpu');
  if (others === undefined) return null;
  return judged(`CPU per request at most ${limit} × ${peer}`, ratios(own(results, 'cpu'), others), limit);
};

/** The same of oha; where it is not there, of what it would take by wrk. */
export const cpuGoal = (limit) => (results) => {
  if (results.has('oha')) return ratioGoal('oha', limit)(results);
  const wrk = figures(results, 'wrk', 'cpu');
  if (wrk === undefined) return null;
  const others = wrk.map((cpu) => cpu / WRK_OF_OHA);
  const what = `CPU per request at most ${limit} × oha (not there: wrk ÷ ${WRK_OF_OHA})`;
  return judged(what, ratios(own(results, 'cpu'), others), limit);
};

/** A figure of weighbridge's own is at most `limit`. */
export const mostGoal = (what, value, limit, unit) => (results) =>
  judged(`${what} at most ${limit} ${unit}`, own(results, value), limit);

const bestP99 = (results) => {
  const [self, ...others] = results.keys();
  if (others.length === 0) return null;
  const p99 = (name) => figures(results, name, 'p99');
  const best = others.reduce((a, b) => (median(p99(b)) < median(p99(a)) ? b : a));
  return judged(`p99 at most that of the best (${best})`, ratios(p99(self), p99(best)), 1);
};

export const latenessGoals = [mostGoal('p50 of lateness', 'p50', 50, 'µs'), bestP99];
