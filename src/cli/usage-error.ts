/** Turns what yargs says about a wrong command line into a sentence that tells what to type instead. */
import { UserError } from '../errors.js';

/** Commands whose words are all options. */
const WITHOUT_WORDS = ['instrument', 'lab', 'demo'];
const COMMANDS = ['run', 'analyze', 'identify', 'instrument', 'lab', 'demo', 'completion'];
/** Typing errors further away than this are no longer a likely meaning. */
const MAX_EDITS = 3;

/**
 * @param complaint yargs' message, in English
 * @param options names of the options that the command has, without dashes
 * @param args the words of the command line
 */
export function usageError(
  complaint: string,
  options: readonly string[],
  args: readonly string[],
): UserError {
  const command = COMMANDS.find((name) => args.includes(name));
  const help = `'weighbridge ${command === undefined ? '' : `${command} `}--help' tells what there is.`;
  return new UserError(`${sentence(complaint, options, args, command)}\n${help}`);
}

function sentence(
  complaint: string,
  options: readonly string[],
  args: readonly string[],
  command: string | undefined,
): string {
  const [, missing] = /^Not enough arguments following: (.+)$/.exec(complaint) ?? [];
  if (missing !== undefined) return `${dashed(missing)} needs a value after it.`;
  const [, unknown] = /^Unknown arguments?: (.+)$/s.exec(complaint) ?? [];
  if (unknown === undefined) return complaint;
  const names = unknown.split(', ');
  const extra = names.filter((name) => !args.some((word) => word.startsWith('-') && word.includes(name)));
  const lines = names
    .filter((name) => !extra.includes(name))
    .map((name) => `There is no option ${dashed(name)}.${didYouMean(name, options, dashed)}`);
  const [first] = extra;
  if (first !== undefined && command === undefined) {
    lines.push(`There is no command '${first}'.${didYouMean(first, COMMANDS, (known) => `'${known}'`)}`);
  } else if (first !== undefined) {
    lines.push(
      `'${first}' is one word too many: ${WITHOUT_WORDS.includes(command ?? '') ? '' : 'only one URL is taken, '}each value needs its option before it ` +
        '(-f a.yaml -f b.yaml), and what has spaces in it needs quotes.',
    );
  }
  return lines.join('\n');
}

function dashed(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`;
}

function didYouMean(name: string, known: readonly string[], show: (name: string) => string): string {
  const near = known
    .map((other) => ({ other, edits: editDistance(name, other) }))
    .filter(({ other, edits }) => edits <= Math.min(MAX_EDITS, Math.floor(other.length / 2)))
    .sort((a, b) => a.edits - b.edits);
  return near[0] === undefined ? '' : ` Did you mean ${show(near[0].other)}?`;
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substituted = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] as number) + 1, (next[j - 1] as number) + 1, substituted));
    }
    row = next;
  }
  return row[b.length] as number;
}
