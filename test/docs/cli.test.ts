import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../src/io/package-root.js';
import { COMMANDS, type Command, type ListedOption, listedOptions } from '../support/help.js';

const text = readFileSync(join(packageRoot(), 'docs', 'cli.md'), 'utf8');

/** The options that docs/cli.md has for the command: the tables below its headings `### command: group`. */
function documentedOptions(command: Command): ListedOption[] {
  const options: ListedOption[] = [];
  let group: string | null = null;
  for (const line of text.split('\n')) {
    const [, heading] = /^##+ (.*)$/.exec(line) ?? [];
    if (heading !== undefined) {
      group = heading.startsWith(`${command}: `) ? heading.slice(command.length + 2) : null;
    }
    const [, names, given] = /^\| (`-[^|]*`) \| ([^|]*)\|/.exec(line) ?? [];
    if (group === null || names === undefined) continue;
    const defaultText = given?.trim() ?? '';
    options.push({
      group,
      names: [...names.matchAll(/`([^`]+)`/g)].map(([, name]) => name as string),
      defaultText: defaultText === '' ? null : defaultText,
    });
  }
  return options;
}

for (const command of COMMANDS) {
  test(`docs/cli.md has the options of ${command}: the same groups, names and defaults`, async (t) => {
    const listed = await listedOptions(t, command);
    assert.ok(listed.length > 0);
    assert.deepEqual(documentedOptions(command), listed);
  });
}

test('docs/cli.md has tables for no other command', () => {
  const commands = [...text.matchAll(/^### (\w+): /gm)].map(([, name]) => name as string);
  assert.deepEqual([...new Set(commands)], [...COMMANDS]);
});
