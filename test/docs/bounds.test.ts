import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../src/io/package-root.js';

const UNITS: Readonly<Record<string, number>> = { KiB: 1024, MiB: 1024 ** 2 };

/** A number of the code: digits, products and shifts of them. */
function numberIn(expression: string): number {
  const product = (text: string): number =>
    text.split('*').reduce((value, factor) => value * Number(factor.trim().replaceAll('_', '')), 1);
  const [first = '', ...shifts] = expression.split('<<');
  return shifts.reduce((value, shift) => value * 2 ** product(shift), product(first));
}

interface Row {
  readonly what: string;
  readonly bound: string;
  readonly file: string;
  readonly constant: string;
}

function rows(): Row[] {
  const text = readFileSync(join(packageRoot(), 'docs', 'bounds.md'), 'utf8');
  return [...text.matchAll(/^\| (.+?) \| (.+?) \| `(.+?)` ([A-Z_]+) \|/gm)].map(
    ([, what, bound, file, constant]) => ({ what, bound, file, constant }) as Row,
  );
}

test('docs/bounds.md says what the code has', () => {
  const all = rows();
  assert.ok(all.length > 40, `${all.length} rows were read`);
  for (const { what, bound, file, constant } of all) {
    const [, digits = '', unit = ''] = /^([\d,]+)(?: (KiB|MiB))?$/.exec(bound) ?? [];
    const written = Number(digits.replaceAll(',', '')) * (UNITS[unit] ?? 1);
    const code = readFileSync(join(packageRoot(), file), 'utf8');
    const expression = new RegExp(`^(?:export )?const ${constant} = ([\\d_*< ]+);`, 'm').exec(code)?.[1];
    assert.ok(expression !== undefined, `${file} has no number ${constant}`);
    assert.equal(numberIn(expression), written, `${what}: ${file} ${constant}`);
  }
});

test('every line of its tables was read', () => {
  const text = readFileSync(join(packageRoot(), 'docs', 'bounds.md'), 'utf8');
  const lines = text.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| what |'));
  assert.equal(rows().length, lines.length);
});
