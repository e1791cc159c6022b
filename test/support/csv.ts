/** Reads the CSV that reports write. */

/** RFC 4180, as far as tests need it. */
function csvCells(text: string): string[][] {
  const rows: string[][] = [];
  for (const line of text.trimEnd().split('\n')) {
    const cells = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,"]*))/g)];
    rows.push(cells.map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? ''));
  }
  return rows;
}

/** Rows by the names in the head. */
export function csvRecords(text: string): Record<string, string>[] {
  const [head = [], ...rows] = csvCells(text);
  return rows.map((row) => Object.fromEntries(head.map((name, i) => [name, row[i] ?? ''])));
}
