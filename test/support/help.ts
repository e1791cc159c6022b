/** Reads the options that a command's help lists. */
import type { TestContext } from 'node:test';
import { weighbridge } from './cli.js';

export const COMMANDS = [
  'run',
  'plan',
  'limits',
  'analyze',
  'compare',
  'doctor',
  'identify',
  'instrument',
  'lab',
  'demo',
] as const;
export type Command = (typeof COMMANDS)[number];

export interface ListedOption {
  /** The heading above it, without its colon. */
  readonly group: string;
  /** As written, in order: `-n`, `--requests`. */
  readonly names: readonly string[];
  /** As written; null if the help has none. */
  readonly defaultText: string | null;
}

/** Every option of the command, as its help has them, but for help and version. */
export async function listedOptions(t: TestContext, command: Command): Promise<ListedOption[]> {
  const { stdout } = await weighbridge(t, [command, '--help-all']);
  return optionsIn(stdout);
}

function optionsIn(help: string): ListedOption[] {
  const options: ListedOption[] = [];
  let group = '';
  let names: string[] = [];
  let text = '';
  const finish = () => {
    if (names.length > 0 && !names.some((name) => /^--(help|help-all|version)$/.test(name))) {
      options.push({ group, names, defaultText: defaultIn(text) });
    }
    names = [];
    text = '';
  };
  for (const line of help.split('\n')) {
    const [, heading] = /^(\S.*):$/.exec(line) ?? [];
    const [, listed, rest] = /^ +((?:-\S, )*--[a-z0-9-]+) +(.*)$/.exec(line) ?? [];
    if (heading !== undefined || listed !== undefined || line === '') finish();
    if (heading !== undefined) group = heading;
    if (listed !== undefined) {
      names = listed.split(', ');
      text = rest ?? '';
    } else {
      text += ` ${line.trim()}`;
    }
  }
  finish();
  return options;
}

/** `[default: 50]`, or `(default 10s, or …)` in the description. */
function defaultIn(text: string): string | null {
  const [, given] = /\[default: ([^\]]*)\]/.exec(text) ?? /\(default:? ([^)]*)\)/.exec(text) ?? [];
  return given ?? null;
}
