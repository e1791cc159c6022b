/** README's ejection cannot be repeated in a test, since it takes a minute and its times differ. Its words can be compared. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tableReport } from '../../src/report/table.js';
import { documentedCommands } from '../support/documented-commands.js';
import { issueEjections, triggerOf, windowOf, withEjections } from '../support/ejections.js';
import { codeBlocks, documentText, shape } from '../support/markdown.js';

test('README shows an ejection in the words of the report', () => {
  const commands = documentedCommands(codeBlocks(documentText('README.md')));
  const shown = commands.flatMap(({ output }) => (output[0]?.startsWith('Ejections') ? output : []));
  const trigger = triggerOf({ consecutive: 5, statuses: { 503: 5 }, inFlight: 1 });
  const windows = [windowOf({ trigger, leaked: 1, leakedForMs: 28 })];
  const result = withEjections({ windows, timeline: issueEjections().timeline });
  const printed = tableReport(result, { columns: 100, color: false }).split('\n').map(shape);
  // The headings and what led to the ejection; rows of endpoints and the scale are data.
  const words = shown.filter((line) => !line.startsWith('backend-') && !line.includes('|')).map(shape);
  assert.equal(words.length, 3);
  for (const line of words) assert.ok(printed.includes(line), `not printed: ${line}\n${printed.join('\n')}`);
});
