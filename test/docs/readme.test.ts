import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { INSTRUMENT_OPTIONS } from '../../src/cli/commands/instrument.js';
import { ANALYZE_OPTIONS } from '../../src/cli/options/analyze-options.js';
import { RUN_OPTIONS } from '../../src/cli/options/run-options.js';
import { packageRoot } from '../../src/io/package-root.js';

test('the README has every option of run, analyze and instrument', () => {
  const readme = readFileSync(join(packageRoot(), 'README.md'), 'utf8');
  for (const [name, { alias }] of Object.entries({
    ...RUN_OPTIONS,
    ...ANALYZE_OPTIONS,
    ...INSTRUMENT_OPTIONS,
  })) {
    const short = [alias ?? []].flat().map((letter) => `\`-${letter}\``);
    const shown = readme.includes(`--${name}`) || short.some((text) => readme.includes(text));
    assert.ok(shown, `--${name} is missing`);
  }
});
