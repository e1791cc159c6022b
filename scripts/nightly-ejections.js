// Ejection windows in simulated runs whose ejections are known, with other seeds each night (the tests use fixed ones).
// 2,000 runs without faults must have no window. In runs with faults every window must be found, none may be invented,
// and the bounds must contain the true times.
const { checkSimulated } = await import(
  new URL('../.build/test/support/ejection-sim/check.js', import.meta.url).href
);

const RUNS = Number(process.env.SIMULATED_RUNS ?? '2000');
const FAULTY_RUNS = Math.ceil(RUNS / 4);
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
console.log(`first seed ${seed} (SEED=${seed} repeats it)`);
for (const [kind, runs] of [
  ['quiet', RUNS],
  ['faulty', FAULTY_RUNS],
]) {
  const { requests, absences, enough, wrong } = checkSimulated(kind, seed, runs);
  console.log(
    `${kind}: ${runs} runs, ${requests} requests, ${absences} absences, ${enough} of them with enough traffic, ${wrong.length} wrong`,
  );
  for (const line of wrong.slice(0, 20)) console.error(line);
  if (wrong.length > 0) process.exitCode = 1;
}
