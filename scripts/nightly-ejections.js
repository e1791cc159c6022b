// Ejection windows in simulated runs with known truth, with seeds that differ each night (the tests' own are fixed): no
// false window in 2,000 runs without a fault; with faults all is found, nothing is invented, and the bounds are true.
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
    `${kind}: ${runs} runs, ${requests} requests, ${absences} absences, ${enough} of them with traffic enough, ${wrong.length} wrong`,
  );
  for (const line of wrong.slice(0, 20)) console.error(line);
  if (wrong.length > 0) process.exitCode = 1;
}
