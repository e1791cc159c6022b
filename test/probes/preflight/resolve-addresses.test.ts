/** Names become IP addresses once; of two families the one that a connection reaches. */
import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { test } from 'node:test';
import { UserError } from '../../../src/errors.js';
import type { Plan } from '../../../src/plan/plan.js';
import { addressLabel } from '../../../src/plan/target/connect-to.js';
import { type ResolveOptions, resolveAddresses } from '../../../src/probes/preflight/resolve-addresses.js';
import { said } from '../../support/flags.js';
import { planFor } from '../../support/plan.js';
import { httpServer, IMPOSSIBLE_NAME, unusedPort } from '../../support/servers.js';

/** A resolver that knows these names. */
function knowing(names: Record<string, readonly string[]>): LookupFunction {
  return (name, options, callback) => {
    const found = names[name]?.map(
      (address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 }),
    );
    const { all } = options as { all?: boolean };
    setImmediate(() => {
      if (found === undefined) callback(Object.assign(new Error('unknown'), { code: 'ENOTFOUND' }), '');
      else if (all === true) callback(null, found);
      else callback(null, found[0]?.address ?? '', found[0]?.family ?? 4);
    });
  };
}

async function resolved(plan: Plan, options: Partial<ResolveOptions> = {}) {
  const { target, notes } = await resolveAddresses(plan, { reached: null, ...options });
  return { at: target.connectTo.map(addressLabel), notes: notes.map(({ code, text }) => `${code}: ${text}`) };
}

const at = (url: string, connectTo: string[] = []) => planFor(url, { flags: { connectTo } });

test('IP addresses and sockets stay as they are', async () => {
  for (const plan of [
    at('http://203.0.113.7:8080/'),
    at('http://[2001:db8::1]/', ['::203.0.113.1:', '::[2001:db8::2]:']),
    planFor('http://a/', { flags: { unixSocket: '/run/gw.sock' } }),
  ]) {
    const { target, notes } = await resolveAddresses(plan, { reached: null });
    assert.deepEqual([target, notes], [plan.target, plan.notes]);
  }
});

test('all addresses of all names, each once, in their order', async () => {
  const lookup = knowing({ one: ['203.0.113.2', '203.0.113.1'], two: ['203.0.113.1', '203.0.113.3'] });
  const plan = at('http://shop.example/', ['::one:', '::two:', '::203.0.113.3:', '::two:81']);
  const { at: places, notes } = await resolved(plan, { lookup });
  assert.deepEqual(places, [
    '203.0.113.2:80',
    '203.0.113.1:80',
    '203.0.113.3:80',
    '203.0.113.1:81',
    '203.0.113.3:81',
  ]);
  assert.deepEqual(notes, []);
});

test('both families: the one that the pre-flight reached', async () => {
  const lookup = knowing({ both: ['2001:db8::1', '203.0.113.1', '203.0.113.2', '2001:db8::2'] });
  const plan = at('http://both/');
  const four = await resolved(plan, { lookup, reached: '203.0.113.2:80' });
  assert.deepEqual(four.at, ['203.0.113.1:80', '203.0.113.2:80']);
  assert.equal(four.notes.length, 1);
  assert.match(
    four.notes[0] as string,
    /^addresses-left-out: both has IPv4 and IPv6 addresses\. Connections use IPv4, so the 2 addresses of the other family \(\[2001:db8::1\]:80, \[2001:db8::2\]:80\) are left out/,
  );
  const six = await resolved(plan, { lookup, reached: '[2001:db8::2]:80' });
  assert.deepEqual(six.at, ['[2001:db8::1]:80', '[2001:db8::2]:80']);
});

test('both families without a pre-flight: the one that a connection gets to', async (t) => {
  const server = await httpServer(t, (_request, reply) => reply.end());
  // 100::/64 is for discarding (RFC 6666): nothing answers there, if there is a way to it at all.
  const lookup = knowing({ both: ['100::1', '127.0.0.1'] });
  const { at: places, notes } = await resolved(at(`http://both:${server.port}/`), { lookup });
  assert.deepEqual(places, [server.at]);
  assert.match(notes.join(), /the address of the other family \(\[100::1\]:\d+\) is left out/);
  assert.equal(server.seen.total, 0, 'nothing was asked');
});

test('both families and nothing answers: the family of the first', async () => {
  const port = await unusedPort();
  const lookup = knowing({ both: ['127.0.0.1', '::1', '127.0.0.2'] });
  const { at: places } = await resolved(at(`http://both:${port}/`), { lookup });
  assert.deepEqual(places, [`127.0.0.1:${port}`, `127.0.0.2:${port}`]);
});

test('localhost is one family, whatever this machine calls it', async (t) => {
  const server = await httpServer(t, (_request, reply) => reply.end());
  const { at: places } = await resolved(at(`http://localhost:${server.port}/`));
  assert.deepEqual(places, [server.at]);
});

test('a name that is not known: what the pre-flight says of it', async () => {
  await assert.rejects(resolved(at(`http://${IMPOSSIBLE_NAME}/`)), (error: unknown) => {
    assert.ok(error instanceof UserError);
    assert.equal(error.exitCode, 4);
    assert.match(said(error), /^The name a+.* could not be looked up \(\w+\)\. .*--resolve or --connect-to/);
    return true;
  });
  const lookup = knowing({ known: ['203.0.113.1'] });
  await assert.rejects(resolved(at('http://a/', ['::known:', '::unknown:']), { lookup }), /The name unknown/);
});

test('at most 256 addresses, and a word about it', async () => {
  const many = Array.from({ length: 300 }, (_, i) => `10.0.${i >> 8}.${i & 255}`);
  const { at: places, notes } = await resolved(at('http://many/'), { lookup: knowing({ many }) });
  assert.equal(places.length, 256);
  assert.deepEqual(places.slice(-1), ['10.0.0.255:80']);
  assert.match(
    notes.join(),
    /^addresses-bounded: There are 300 addresses to connect to; the first 256 are used\./,
  );
});

test('a signal ends it at once, with the plan as it is', async () => {
  const never: LookupFunction = () => {};
  const plan = at('http://slow/');
  const controller = new AbortController();
  const pending = resolveAddresses(plan, { reached: null, lookup: never, signal: controller.signal });
  controller.abort();
  assert.equal(await pending, plan);
  const { signal } = controller;
  assert.equal(await resolveAddresses(plan, { reached: null, lookup: never, signal }), plan);
});
