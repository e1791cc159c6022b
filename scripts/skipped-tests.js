// A reporter of node:test: writes, as JSON, how many tests were skipped for which reason.
export default async function* skippedTests(events) {
  const counts = {};
  for await (const { type, data } of events) {
    if (type !== 'test:pass' || data.skip === undefined || data.skip === false) continue;
    counts[data.skip] = (counts[data.skip] ?? 0) + 1;
  }
  yield JSON.stringify(counts);
}
