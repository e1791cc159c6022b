/** The searches for limits that documents show take half a minute and find other figures each time. Their words can be compared. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LimitsResult } from '../../src/analysis/limits/result.js';
import { limitsReport } from '../../src/report/limits/index.js';
import { documentedCommands } from '../support/documented-commands.js';
import { foundKnee, stepOf } from '../support/limits-results.js';
import { codeBlocks, documentText, shape } from '../support/markdown.js';

const check = 'the knee is at 304 connections (297 to 310); predicted: 300 ± 10 %';
const checks: LimitsResult['checks'] = [{ kind: 'knee', verdict: 'pass', text: check }];
const found = foundKnee({}, { checks });
const { predicted } = found;
const calm = [stepOf(160, 160, 0), stepOf(180, 180, 0.0025), stepOf(300, 200, 0.1), stepOf(450, 300, 0.3)];

/** What a report may say: of the samples at 50/50 and at 90/10, with the gateway's counters and without. */
const RESULTS: readonly LimitsResult[] = [
  found,
  foundKnee({ levels: [stepOf(160, 160, 0.000_5), stepOf(180, 180, 0.0025)] }, { checks }),
  foundKnee(
    { steps: calm },
    {
      checks,
      predicted: predicted && { ...predicted, next: predicted.next && { ...predicted.next, knee: 1_000 } },
    },
  ),
  foundKnee({}, { checks, requests: { ...found.requests, failed: 0, cutOff: 0 } }),
];
const said = new Set(
  RESULTS.flatMap((result) => partsOf(limitsReport(result, { columns: 100, color: false }))),
);

for (const document of ['README.md', 'docs/limits.md']) {
  test(`${document} shows a search for limits in the words of the report`, () => {
    const commands = documentedCommands(codeBlocks(documentText(document)));
    const shown = commands.flatMap(({ args, output }) => (args[0] === 'limits' ? output : []));
    const parts = partsOf(shown.join('\n'));
    assert.ok(parts.length > 8, parts.join('\n'));
    assert.deepEqual(
      parts.filter((part) => !said.has(part)),
      [],
    );
  });
}

/** The answer in parts of sentences, whatever its line breaks; of the tables those words that are no data. */
function partsOf(report: string): string[] {
  const lines = report.split('\n');
  const table = lines.findIndex((line) => line.startsWith('Connections'));
  const answer = lines.slice(0, table).join(' ').replace(/\s+/g, ' ').trim();
  const heads = (lines[table] ?? '').split(/ {2,}/);
  const words = lines.slice(table).filter((line) => /^(Not accepted|Limits {2}|- Overflows)/.test(line));
  return [...answer.split(/(?<=[.;:)]) /), ...heads, ...words].map((part) =>
    shape(part.replaceAll('backend-v', 'v')),
  );
}
