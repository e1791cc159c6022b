import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentedCommands } from '../support/documented-commands.js';
import { COMMANDS, type Command, listedOptions } from '../support/help.js';
import { codeBlocks, documents, documentText } from '../support/markdown.js';

test('every flag of a documented command is one that the command has', async (t) => {
  const flags = new Map<string, Set<string>>();
  for (const command of COMMANDS) {
    const names = (await listedOptions(t, command)).flatMap((option) => option.names);
    flags.set(command, new Set([...names, '-h', '--help', '-V', '--version']));
  }
  const wrong: string[] = [];
  let checked = 0;
  for (const document of documents()) {
    for (const { args, line } of documentedCommands(codeBlocks(documentText(document)))) {
      const known = flags.get(args[0] as Command);
      if (known === undefined) wrong.push(`${document}:${line}: no command ${args[0]}`);
      for (const word of args.filter((arg) => /^--?[a-zA-Z]/.test(arg))) {
        checked += 1;
        const name = word.replace(/=.*/, '');
        if (known?.has(name) === false) wrong.push(`${document}:${line}: ${args[0]} has no ${name}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
  assert.ok(checked > 30, `${checked} flags`);
});
