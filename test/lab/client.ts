/** A plain HTTP client for the lab's tests. */
import { Agent, type IncomingHttpHeaders, request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface AskOptions {
  readonly path?: string;
  readonly host?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly agent?: Agent;
}

/** Sends one request; rejects when the connection breaks. */
export function ask(url: string, options: AskOptions = {}): Promise<Answer> {
  const { path = '/', host = 'test.devopscube.com', method = 'GET', headers = {}, body, agent } = options;
  return new Promise((resolve, reject) => {
    const sent = request(`${url}${path}`, {
      method,
      headers: { host, ...headers },
      ...(agent ? { agent } : {}),
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
      });
    });
    sent.end(body);
  });
}

/** Sends `count` requests over `connections` kept-open connections; the answers in order of arrival. */
export async function askMany(
  url: string,
  count: number,
  connections: number,
  options: AskOptions = {},
): Promise<Answer[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const answers: Answer[] = [];
  let left = count;
  const worker = async () => {
    while (left-- > 0) answers.push(await ask(url, { ...options, agent }));
  };
  await Promise.all(Array.from({ length: connections }, worker));
  agent.destroy();
  return answers;
}

/** Waits until the condition holds; fails after half a minute, which is for what hangs and not for what is slow. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`did not happen within 30 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
