import assert from 'node:assert/strict';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { monotonicUs } from '../../src/blocks/clock.js';
import { AdminWatch, limitAdmins } from '../../src/gateway/admin-watch.js';
import { clusterOf } from '../support/gateway-word.js';
import { lastingPort } from '../support/servers.js';

const V2 = clusterOf('backend-v2');

async function serve(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

interface Host {
  readonly port: number;
  readonly out: boolean;
}

function clusters(hosts: readonly Host[]): string {
  const statuses = hosts.map(({ port, out }) => ({
    address: { socket_address: { address: '10.0.3.17', port_value: port } },
    stats: [{ name: 'rq_total', value: '5' }, { name: 'rq_error' }],
    health_status: out
      ? { eds_health_status: 'HEALTHY', failed_outlier_check: true }
      : { eds_health_status: 'HEALTHY' },
  }));
  return JSON.stringify({ cluster_statuses: [{ name: V2, host_statuses: statuses }] });
}

/** An Envoy that answers with these hosts. */
function envoy(hosts: () => readonly Host[], total = () => 0): RequestListener {
  return ({ url = '' }, reply: ServerResponse) => {
    if (url.startsWith('/clusters')) reply.end(clusters(hosts()));
    else if (url.startsWith('/stats')) {
      const name = `cluster.${V2};.outlier_detection.ejections_enforced_total`;
      reply.end(JSON.stringify({ stats: [{ name, value: total() }, { histograms: {} }] }));
    } else if (url === '/server_info') reply.end('{"command_line_options":{"file_flush_interval":"0.200s"}}');
    else reply.writeHead(404).end();
  };
}

/** So long that a busy machine never reaches it: only tests of the time-out itself set a shorter one. */
const LONG_MS = 60_000;

const watchOf = (url: string, timeoutMs = LONG_MS) =>
  new AdminWatch(url, { nowUs: monotonicUs, limit: limitAdmins(), everyMs: 5, timeoutMs });

/** Lets the watch look a few times more. */
async function looks(seen: () => number, more: number): Promise<void> {
  for (const from = seen(); seen() < from + more; ) await delay(2);
}

test('ejections are reported with the looks between which they changed, and counters by what they grew', async (t) => {
  let asked = 0;
  let hosts: Host[] = [
    { port: 1, out: false },
    { port: 2, out: true },
    { port: 3, out: false },
  ];
  let total = 7;
  const url = await serve(
    t,
    envoy(
      () => {
        asked += 1;
        return hosts;
      },
      () => total,
    ),
  );
  const watch = watchOf(url);
  const originUs = monotonicUs();
  await watch.begin();
  assert.equal(watch.flushMs, 200);
  await looks(() => asked, 2);
  const outFrom = monotonicUs();
  hosts = [
    { port: 1, out: true },
    { port: 2, out: false },
    { port: 3, out: false },
  ];
  await looks(() => asked, 3);
  const outTo = monotonicUs();
  hosts = [
    { port: 1, out: false },
    { port: 3, out: true },
  ];
  total = 9;
  await looks(() => asked, 3);
  hosts = [{ port: 1, out: false }];
  await looks(() => asked, 3);
  hosts = [
    { port: 1, out: false },
    { port: 4, out: true },
  ];
  const end = await watch.end(originUs);
  const of = (port: number) => end.absences.find(({ address }) => address === `10.0.3.17:${port}`);
  assert.equal(end.absences.length, 4);
  const ms = (us: number) => (us - originUs) / 1000;
  const first = of(1);
  assert.ok((first?.ejectedMs?.[0] as number) <= (first?.ejectedMs?.[1] as number));
  assert.ok((first?.ejectedMs?.[1] as number) >= ms(outFrom));
  assert.ok((first?.unejectedMs?.[1] as number) >= ms(outTo));
  assert.ok((first?.ejectedMs?.[1] as number) < (first?.unejectedMs?.[1] as number));
  assert.deepEqual([of(2)?.ejectedMs, of(2)?.gone], [null, false], 'out at the first look, then put back');
  assert.notEqual(of(2)?.unejectedMs, null);
  assert.deepEqual([of(3)?.gone, of(3)?.unejectedMs !== null], [true, true], 'taken out of the cluster');
  assert.deepEqual([of(4)?.unejectedMs, of(4)?.gone], [null, false], 'out at the last look');
  assert.deepEqual(end.counters, { [V2]: { 'outlier_detection.ejections_enforced_total': 2 } });
  assert.deepEqual(end.remarks, []);
  assert.equal(end.url, url);
});

test('one request at a time for each path, and none after the end', async (t) => {
  const under = new Map<string, number>();
  let most = 0;
  let asked = 0;
  const answer = envoy(() => []);
  const url = await serve(t, (request, reply) => {
    const path = (request.url as string).split('?')[0] as string;
    asked += 1;
    under.set(path, (under.get(path) ?? 0) + 1);
    most = Math.max(most, under.get(path) as number);
    setTimeout(() => {
      under.set(path, (under.get(path) as number) - 1);
      answer(request, reply);
    }, 10);
  });
  const watch = watchOf(url);
  await watch.begin();
  await looks(() => asked, 5);
  await watch.end(0);
  const atEnd = asked;
  await delay(50);
  assert.equal(asked, atEnd);
  assert.equal(most, 1);
});

/** What the watch says of an interface that answers like this. */
async function remarksOn(t: TestContext, listener: RequestListener, timeoutMs?: number) {
  const watch = watchOf(await serve(t, listener), timeoutMs);
  await watch.begin();
  return watch.end(0);
}

test('an address that is no admin interface is a remark: 404, HTML, other JSON, a redirect, too much', async (t) => {
  const cases: [RequestListener, RegExp][] = [
    [(_, reply) => void reply.writeHead(404).end('no'), /reported nothing: it answered 404\.$/],
    [(_, reply) => void reply.end('<html>hello</html>'), /it answered something that is not JSON\.$/],
    [(_, reply) => void reply.end('{"cluster_statuses": 7}'), /something other than Envoy's \/clusters\.$/],
    [(_, reply) => void reply.end('[]'), /something other than Envoy's \/clusters\.$/],
    [
      (_, reply) => void reply.end('['.repeat(8 << 20)),
      /it answered JSON that is nested more than 100 deep\.$/,
    ],
    [
      (_, reply) => void reply.end('[],'.repeat(2 << 20)),
      /it answered JSON that has more than 1000000 values\.$/,
    ],
    [(_, reply) => void reply.writeHead(302, { location: '/clusters' }).end(), /it answered 302\.$/],
    [
      (_, reply) => {
        const piece = Buffer.alloc(1 << 20, 0x20);
        for (let i = 0; i < 9; i += 1) reply.write(piece);
        reply.end('{}');
      },
      /it answered more than 8 MiB\.$/,
    ],
  ];
  for (const [listener, words] of cases) {
    const { looks: seen, absences, counters, remarks } = await remarksOn(t, listener);
    assert.deepEqual([seen, absences, counters, remarks.length], [0, [], null, 1], remarks.join('\n'));
    assert.match(remarks[0] as string, words);
  }
});

test('an interface that is slow, or breaks off, is a remark and holds nothing up', async (t) => {
  const { remarks } = await remarksOn(t, () => {}, 50);
  assert.match(remarks.join(), /reported nothing: it did not answer within 0\.05 s/);
  const broken = await remarksOn(t, (_, reply) => {
    reply.writeHead(200, { 'content-length': 1000 });
    reply.write('{');
    setTimeout(() => reply.destroy(), 5);
  });
  assert.match(broken.remarks.join(), /reported nothing: it /);
});

test('an interface that is down is a remark, and asked again until it is there', async (t) => {
  const port = await lastingPort();
  const watch = watchOf(`http://127.0.0.1:${port}`);
  await watch.begin();
  const again = createServer(envoy(() => [{ port: 1, out: true }]));
  await new Promise<void>((resolve) => again.listen(port, '127.0.0.1', resolve));
  t.after(() => {
    again.closeAllConnections();
    again.close();
  });
  const end = await watch.end(0);
  assert.ok(end.looks >= 1);
  assert.deepEqual([end.absences[0]?.ejectedMs, end.absences[0]?.unejectedMs], [null, null]);
  assert.match(
    end.remarks.join('\n'),
    /looks at the admin interface .* failed: it did not answer \(ECONNREFUSED\)/,
  );
  assert.equal(end.counters, null);
});

test('a port that browsers avoid is asked like any other', async (t) => {
  for (const port of [6000, 6566, 6697, 10_080]) {
    const server = createServer(envoy(() => [{ port: 1, out: true }]));
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    const watch = watchOf(`http://127.0.0.1:${port}`);
    await watch.begin();
    const { looks: seen, remarks } = await watch.end(0);
    assert.deepEqual([seen >= 1, remarks], [true, []]);
    return;
  }
  t.skip('none of these ports is free');
});

test('what does not speak HTTP is a remark', async (t) => {
  const server = createTcpServer((socket) => {
    socket.on('error', () => {});
    socket.end('220 mail.example ESMTP\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const watch = watchOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await watch.begin();
  assert.match(
    (await watch.end(0)).remarks.join(),
    /reported nothing: it answered something that is not HTTP\.$/,
  );
});

test('hosts without an address, and members of other kinds, are left out', async (t) => {
  const body = JSON.stringify({
    cluster_statuses: [
      null,
      { name: 7 },
      {
        name: V2,
        host_statuses: [
          { address: { pipe: { path: '/x' } }, health_status: { failed_outlier_check: true } },
          'host',
          {
            address: { socket_address: { address: 'fd00::7', port_value: 80 } },
            health_status: { failed_outlier_check: true },
          },
        ],
      },
    ],
  });
  const end = await remarksOn(t, ({ url = '' }, reply) => {
    if (url.startsWith('/clusters')) reply.end(body);
    else envoy(() => [])({ url } as never, reply as never);
  });
  assert.deepEqual(
    end.absences.map(({ address }) => address),
    ['[fd00::7]:80'],
  );
});
