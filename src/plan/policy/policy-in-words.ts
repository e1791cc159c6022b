/** A policy as people read it: a line for each block of its fields. */
import { printable } from '../../text/printable.js';

/** Lines of a policy; the manifest has the rest. */
const MAX_LINES = 40;
const MAX_VALUE = 200;

/**
 * One line per block with values of its own, named by its path: `connectionPool.http: maxRetries 3, idleTimeout 1h`.
 *
 * @param policy plain data of a manifest
 */
export function policyLines(policy: unknown): string[] {
  const lines = linesOf(policy ?? {}, '');
  if (lines.length === 0) return ['without fields'];
  const hidden = lines.length - MAX_LINES;
  return hidden <= 0 ? lines : [...lines.slice(0, MAX_LINES), `… and ${hidden} more`];
}

function linesOf(value: unknown, path: string): string[] {
  if (!isBlock(value)) return value === undefined ? [] : [named(path, inWords(value))];
  const isList = Array.isArray(value);
  const entries = Object.entries(value).map(([key, field]) => [isList ? `[${key}]` : key, field] as const);
  const own = entries.filter(([, field]) => field !== undefined && !isBlock(field));
  const blocks = entries.filter(([, field]) => isBlock(field));
  const line = isList
    ? own.map(([, field]) => inWords(field))
    : own.map(([key, field]) => `${printable(key)} ${inWords(field)}`);
  // An empty block is a value too: it replaces the one above it.
  if (entries.length === 0 && path !== '') return [named(path, isList ? 'none' : 'empty')];
  return [
    ...(line.length === 0 ? [] : [named(path, line.join(', '))]),
    ...blocks.flatMap(([key, field]) => linesOf(field, joined(path, key))),
  ];
}

function isBlock(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function joined(path: string, key: string): string {
  return path === '' || key.startsWith('[') ? `${path}${printable(key)}` : `${path}.${printable(key)}`;
}

function named(path: string, what: string): string {
  return path === '' ? what : `${path}: ${what}`;
}

function inWords(value: unknown): string {
  if (value === '') return "''";
  return printable(String(value), MAX_VALUE);
}
