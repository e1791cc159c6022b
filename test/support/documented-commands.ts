/** Finds the commands of this tool that documents show. */
import type { CodeBlock } from './markdown.js';

export interface DocumentedCommand {
  /** The words behind `weighbridge`. */
  readonly args: readonly string[];
  /** Its standard input comes from a pipe. */
  readonly piped: boolean;
  /** The lines that the document shows below it; empty if there are none. */
  readonly output: readonly string[];
  /** The line of the block's fence. */
  readonly line: number;
}

const SHELLS = ['sh', 'console', ''];

/** Lines of `console` blocks are commands when they begin with `$ `, else output; those of other blocks are commands. */
export function documentedCommands(blocks: readonly CodeBlock[]): DocumentedCommand[] {
  return blocks.filter(({ language }) => SHELLS.includes(language)).flatMap(commandsOf);
}

function commandsOf({ language, text, line }: CodeBlock): DocumentedCommand[] {
  const commands: DocumentedCommand[] = [];
  const prompts = language === 'console' && /^\$ /m.test(text);
  for (const row of text.replace(/\\\n\s*/g, '').split('\n')) {
    if (prompts && !row.startsWith('$ ')) {
      const last = commands.at(-1);
      if (row !== '' && last !== undefined) commands[commands.length - 1] = withLine(last, row);
      continue;
    }
    commands.push(...commandsIn(row.replace(/^\$ /, ''), line));
  }
  return commands;
}

const withLine = (command: DocumentedCommand, row: string): DocumentedCommand => ({
  ...command,
  output: [...command.output, row],
});

/** The parts of a shell line that run this tool. */
function commandsIn(shellLine: string, line: number): DocumentedCommand[] {
  const commands: DocumentedCommand[] = [];
  let piped = false;
  let part: string[] = [];
  const finish = () => {
    const words = part[0] === 'npx' ? part.slice(1) : part;
    if (words[0] === 'weighbridge') commands.push({ args: words.slice(1), piped, output: [], line });
    part = [];
  };
  for (const [token, double, single] of shellLine.matchAll(/"([^"]*)"|'([^']*)'|[^\s"']+/g)) {
    if (token.startsWith('#')) break;
    if (/^(\||&&|\|\||;|>)$/.test(token)) {
      finish();
      piped = token === '|';
    } else {
      part.push(double ?? single ?? token);
    }
  }
  finish();
  return commands;
}
