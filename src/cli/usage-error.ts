/** Turns yargs' message about a wrong command line into one that says what to type instead. */
import { UserError } from '../errors.js';
import { printable } from '../text/printable.js';
import { maskBrokenUrl } from '../text/secrets.js';

/** Commands without a positional argument. */
const WITHOUT_WORDS = ['instrument', 'lab', 'demo'];
const COMMANDS = ['run', 'plan', 'limits', 'analyze', 'identify', 'instrument', 'lab', 'demo', 'completion'];
/** A known name is suggested if at most so many characters differ. */
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
  const help =
    command === undefined
      ? "'weighbridge --help' lists the commands."
      : `'weighbridge ${command} --help' lists the options.`;
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
    const what = mayBeSecret(first, names, args) ? 'There' : `'${printable(maskBrokenUrl(first))}'`;
    lines.push(
      `${what} is an extra argument. ${WITHOUT_WORDS.includes(command ?? '') ? '' : 'Only one URL is allowed. '}Write an option before each value ` +
        '(-f a.yaml -f b.yaml), and put quotes around a value with spaces.',
    );
  }
  return lines.join('\n');
}

/** Whether the word may be a part of a header without quotes, or the value of an option that does not exist. */
function mayBeSecret(word: string, unknown: readonly string[], args: readonly string[]): boolean {
  const before = args[args.indexOf(word) - 1] ?? '';
  const isValue = before.startsWith('-') && unknown.some((name) => before.replace(/^-+/, '') === name);
  return isValue || args.some((arg) => /^(?:-[kV]*H|--header)/.test(arg));
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
