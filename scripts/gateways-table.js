// Writes the tables of docs/gateways.md from the facts in src/plan/gateways: `npm run gateways`.
import { readFileSync, writeFileSync } from 'node:fs';

/** The tables are made by the code that the test compares with. */
const { withTables } = await import(
  new URL('../.build/test/support/gateways-document.js', import.meta.url).href
);

const FILE = 'docs/gateways.md';
writeFileSync(FILE, withTables(readFileSync(FILE, 'utf8')));
