/** The script and the style of pages, made by scripts/bundle-page.js beside the code that reads them. */
import { readFileSync } from 'node:fs';

export interface Assets {
  readonly script: string;
  readonly style: string;
}

let read: Assets | null = null;

/** Read once. */
export function assets(): Assets {
  read ??= { script: asset('html-page.js'), style: asset('html-page.css') };
  return read;
}

function asset(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8').trim();
}
