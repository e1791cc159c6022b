/** Reads the project's documents: headings, links, code blocks. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/io/package-root.js';

/** Every document of the repository, as paths from its root. */
export function documents(): string[] {
  const root = packageRoot();
  const folders = ['.', 'docs', 'bench', 'samples'];
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name)),
  );
}

export function documentText(path: string): string {
  return readFileSync(join(packageRoot(), path), 'utf8');
}

export interface CodeBlock {
  /** `ts`, `console`, …; empty if none is given. */
  readonly language: string;
  readonly text: string;
  /** The line of its opening fence, from 1. */
  readonly line: number;
}

export function codeBlocks(text: string): CodeBlock[] {
  return [...text.matchAll(/^( *)```(\w*)\n([\s\S]*?)^ *```$/gm)].map((match) => {
    const [, indent = '', language = '', body = ''] = match;
    const lines = body
      .split('\n')
      .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line));
    return { language, text: lines.join('\n'), line: text.slice(0, match.index).split('\n').length };
  });
}

/** Targets of links such as `[text](target)`, without those to other sites. */
export function relativeLinks(text: string): string[] {
  const prose = text.replace(/^( *)```[\s\S]*?^ *```$/gm, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target as string)
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** The names that links to parts of the document can use: of headings, as GitHub makes them, and of `<a id>`. */
export function anchors(text: string): Set<string> {
  const prose = text.replace(/^( *)```[\s\S]*?^ *```$/gm, '');
  const headings = [...prose.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => slug(heading as string));
  const ids = [...prose.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id as string);
  return new Set([...headings, ...ids]);
}

function slug(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
}

/** A line of output with its numbers and their units replaced, and without alignment. */
export function shape(line: string): string {
  return line
    .replace(/[+-]?\d[\d.,]*/g, '#')
    .replace(/#(m#s| ?(µs|ms|s|m))\b/g, 'TIME')
    .replace(/[▁▂▃▄▅▆▇█─][▁▂▃▄▅▆▇█─ ]*/g, 'BARS ')
    .replace(/\s+/g, ' ')
    .trim();
}
