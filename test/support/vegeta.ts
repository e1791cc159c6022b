/** Results as vegeta writes them. */

export interface MadeUpResult {
  seconds: number;
  nanos: number;
  latencyNs: number;
  status: number;
  error: string;
  body: Buffer;
  headers: [name: string, value: string][];
  method: string;
  url: string;
  sequence: number;
  attack: string;
}

/** A record with its line's end, quoted as Go's encoding/csv does. */
export function vegetaCsv(result: MadeUpResult): string {
  const headers = result.headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `${[
    `${result.seconds}${String(result.nanos).padStart(9, '0')}`,
    result.status,
    result.latencyNs,
    0,
    result.body.length,
    result.error,
    result.body.toString('base64'),
    result.attack,
    result.sequence,
    result.method,
    result.url,
    headers === '' ? '' : Buffer.from(`${headers}\r\n`, 'latin1').toString('base64'),
  ]
    .map((field) => {
      const text = String(field);
      return /[",\r\n]|^\s/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    })
    .join(',')}\n`;
}

/** A line with its end. */
export function vegetaJson(result: MadeUpResult): string {
  const byName = new Map<string, string[]>();
  for (const [name, value] of result.headers) byName.set(name, [...(byName.get(name) ?? []), value]);
  const time = new Date(result.seconds * 1000).toISOString().slice(0, 19);
  const members = [
    ['attack', result.attack],
    ['seq', result.sequence],
    ['code', result.status],
    ['timestamp', `${time}.${String(result.nanos).padStart(9, '0')}Z`],
    ['latency', result.latencyNs],
    ['bytes_out', 0],
    ['bytes_in', result.body.length],
    ['error', result.error],
    ['body', result.body.length === 0 ? null : result.body.toString('base64')],
    ['method', result.method],
    ['url', result.url],
  ].map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  const headers = [...byName].map(([name, values]) => `${JSON.stringify(name)}:${JSON.stringify(values)}`);
  return `{${members.join(',')},"headers":${byName.size === 0 ? 'null' : `{${headers.join(',')}}`}}\n`;
}
