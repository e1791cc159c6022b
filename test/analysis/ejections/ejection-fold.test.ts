/** Absences in made-up traffic: which are found, what they are called, and what is not called one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EjectionsResult, EjectionWindow } from '../../../src/analysis/ejections/result.js';
import { BlockMaker } from '../../support/blocks.js';
import { blocksOf, foldOn, found, type Moment, RULE, traffic } from './traffic.js';

const S = 1e6;
const OUT_OF_A = { present: ['b', 'c'] };

/** a answers 500 from `fromUs` on, until it is out from `outUs` to `backUs`. */
function failing(fromUs: number, outUs: number, backUs: number): (us: number) => Moment {
  return (us) => {
    if (us >= outUs && us < backUs) return OUT_OF_A;
    return { row: (endpoint) => (endpoint === 'a' && us >= fromUs && us < outUs ? { status: 500 } : {}) };
  };
}

function only(result: EjectionsResult): EjectionWindow {
  assert.equal(result.windows.length, 1, JSON.stringify(result.windows, null, 1));
  return result.windows[0] as EjectionWindow;
}

function assertWithin(ms: number | null, [lo, hi]: readonly [number | null, number | null]): void {
  assert.ok(ms !== null && (lo === null || ms >= lo) && (hi === null || ms <= hi), `${ms} in [${lo}, ${hi}]`);
}

test('five 500s, out for two seconds: trigger, bounds, timeline', () => {
  // Every third request is its own: the fifth from 10 s on is sent at 10.13 s and answered 1 ms later.
  const result = found(traffic(0, 15 * S, failing(10 * S, 10.14 * S, 12.5 * S)));
  const window = only(result);
  assert.deepEqual([window.version, window.endpoint, window.kind], ['v1', 'a', 'ejected']);
  assert.equal(window.trigger?.consecutive, 5);
  assert.deepEqual(window.trigger?.statuses, { '500': 5 });
  assert.equal(window.trigger?.endpointKnown, true);
  assert.equal(window.leaked, 0);
  assertWithin(10_131, window.startBoundsMs);
  assertWithin(window.startMs, window.startBoundsMs);
  assertWithin(12_500, window.endBoundsMs);
  assertWithin(window.endMs, window.endBoundsMs);
  assert.ok(window.startBoundsMs[1] - (window.startBoundsMs[0] ?? 0) <= 20, `${window.startBoundsMs}`);
  assert.ok((window.endBoundsMs[1] ?? 0) - window.endBoundsMs[0] <= 100, `${window.endBoundsMs}`);
  assert.deepEqual(window.outAtOnce, { out: 1, of: 3 });
  const row = result.timeline.rows.find(({ endpoint }) => endpoint === 'a');
  assert.match(row?.slices ?? '', /^\.+x+_+\.+$/);
});

test('ejected by its first five requests: with few it is found, if its own 5xx say when to look', () => {
  const window = only(found(traffic(0, 10 * S, failing(0, 0.15 * S, 4 * S))));
  assert.deepEqual([window.kind, window.trigger?.consecutive], ['ejected', 5]);
  assertWithin(4000, window.endBoundsMs);
});

test('what it answers on after the fifth is leaked', () => {
  const window = only(found(traffic(0, 10 * S, failing(5 * S, 6.1 * S, 8.5 * S))));
  assert.equal(window.trigger?.consecutive, 5);
  assert.ok((window.leaked ?? 0) >= 30, `${window.leaked} leaked`);
  assert.ok(Math.abs((window.leakedForMs ?? 0) - 950) < 60, `for ${window.leakedForMs} ms`);
  assertWithin(6100, window.startBoundsMs);
});

test('without a rule its last 5xx are the trigger, and nothing is called leaked', () => {
  const window = only(found(traffic(0, 10 * S, failing(5 * S, 5.15 * S, 7.5 * S)), []));
  assert.deepEqual([window.kind, window.leaked, window.leakedForMs], ['ejected', null, null]);
  assert.equal(window.trigger?.consecutive, 5);
});

test('silence without an error is called silent, with failed connections left', () => {
  const silent = only(found(traffic(0, 10 * S, (us) => (us >= 5 * S && us < 7 * S ? OUT_OF_A : {}))));
  assert.deepEqual([silent.kind, silent.trigger, silent.leaked], ['silent', null, null]);
  const refused = {
    version: null,
    endpoint: null,
    status: 503,
    outcome: 'connection-failure',
    origin: 'gateway',
  } as const;
  const left = only(
    found(
      traffic(0, 10 * S, (us) => {
        if (us >= 5.2 * S && us < 7 * S) return OUT_OF_A;
        return { row: (endpoint) => (endpoint === 'a' && us >= 5 * S && us < 5.2 * S ? refused : {}) };
      }),
    ),
  );
  assert.equal(left.kind, 'left');
  assertWithin(5200, left.startBoundsMs);
});

test('five 5xx are too few where a rule asks for twenty, and they are told all the same', () => {
  const rows = traffic(0, 20 * S, failing(5 * S, 5.15 * S, 12 * S)).map((row) =>
    row.status === 500 ? { ...row, status: 503 } : row,
  );
  const window = only(found(rows, [{ ...RULE, consecutive5xx: 20 }]));
  assert.deepEqual([window.kind, window.trigger, window.errorsBefore], ['silent', null, { 503: 5 }]);
  const own = only(found(rows));
  assert.deepEqual([own.kind, own.trigger?.consecutive, own.errorsBefore], ['ejected', 5, {}]);
});

test('a pod that answers 500 at 30 % is in no window', () => {
  let own = 0;
  const fails = (endpoint: string) => {
    if (endpoint !== 'a') return {};
    own += 1;
    return own % 10 < 3 ? { status: 500 } : {};
  };
  const result = found(traffic(0, 30 * S, () => ({ row: fails })));
  assert.deepEqual(result.windows, []);
});

test('errors that tell the endpoint and no version are those of the version that has it', () => {
  const rows = traffic(0, 10 * S, failing(5 * S, 5.15 * S, 7.5 * S)).map((row) =>
    row.status === 500 ? { ...row, version: null } : row,
  );
  const result = found(rows);
  const window = only(result);
  assert.deepEqual([window.version, window.kind, window.trigger?.consecutive], ['v1', 'ejected', 5]);
  assert.ok(result.timeline.rows.every(({ version }) => version === 'v1'));
});

test('5xx, then nothing but time-outs: it may have been sent requests all the time', () => {
  const result = found(
    traffic(0, 12 * S, (us) => ({
      row: (endpoint) => {
        if (endpoint !== 'a' || us < 5 * S || us >= 8 * S) return {};
        if (us < 5.2 * S) return { status: 503 };
        return { version: null, endpoint: null, status: 0, outcome: 'timeout', origin: 'unknown' };
      },
    })),
  );
  assert.deepEqual(result.windows, []);
});

test('half of its traffic lost after its 5xx is told as a part, with a time that is not before them', () => {
  let own = 0;
  const result = found(
    traffic(0, 60 * S, (us) => {
      const half = us >= 20.2 * S && us < 50 * S;
      if (half) own += 1;
      const present = half && own % 6 < 3 ? ['b', 'c'] : ['a', 'b', 'c'];
      return {
        present,
        row: (endpoint) => (endpoint === 'a' && us >= 20 * S && us < 20.2 * S ? { status: 500 } : {}),
      };
    }),
  );
  const window = only(result);
  assert.equal(window.kind, 'ejected');
  assert.ok(window.fraction > 0.3 && window.fraction < 0.7, `${window.fraction}`);
  assert.ok((window.startMs ?? 0) >= 20_000 && (window.startMs ?? 0) < 21_500, `${window.startMs}`);
  assert.ok(Math.abs((window.endMs ?? 0) - 50_000) < 3000, `${window.endMs}`);
});

test('a pod that answers some 5xx and becomes slow loses requests to a balancer, which is not an ejection', () => {
  let turn = 0;
  const rows = traffic(0, 60 * S, (us) => {
    turn += 1;
    const slow = us >= 20 * S;
    // Half as many as before while it is slow.
    return { present: slow && turn % 6 < 3 ? ['b', 'c'] : ['a', 'b', 'c'] };
  }).map((row) => {
    if (row.endpoint !== 'a') return row;
    const at = row.sendUs ?? 0;
    if (at >= 19.8 * S && at < 20 * S) return { ...row, status: 500 };
    return at >= 20 * S ? { ...row, endUs: at + 80_000 } : row;
  });
  assert.deepEqual(found(rows).windows, []);
});

test('a gap in all labels is no absence', () => {
  const result = found(traffic(0, 20 * S, (us) => (us >= 5 * S && us < 12 * S ? null : {})));
  assert.deepEqual([result.windows, result.episodes], [[], []]);
});

test('5xx that tell no endpoint are the version’s, and the endpoint that falls silent is said not to be known', () => {
  const result = found(
    traffic(0, 10 * S, (us) => {
      if (us >= 5.2 * S && us < 7.5 * S) return OUT_OF_A;
      const nameless = us >= 5 * S && us < 5.2 * S;
      return { row: (endpoint) => (endpoint === 'a' && nameless ? { endpoint: null, status: 500 } : {}) };
    }),
  );
  const window = only(result);
  assert.deepEqual([window.endpoint, window.kind, window.trigger?.endpointKnown], ['a', 'ejected', false]);
  assert.ok((result.visibility[0]?.withoutEndpoint ?? 0) >= 5);
});

test('an endpoint that only fails without its name is in no window: it may have answered all the time', () => {
  const result = found(
    traffic(0, 10 * S, (us) => ({
      row: (endpoint) => (endpoint === 'a' && us >= 5 * S ? { endpoint: null, status: 500 } : {}),
    })),
  );
  assert.deepEqual(result.windows, []);
});

test('a name in other letters is the same endpoint', () => {
  const moment = failing(5 * S, 5.15 * S, 7.5 * S);
  const rows = traffic(0, 10 * S, moment).map((row) =>
    row.status === 500 ? { ...row, endpoint: row.endpoint?.toUpperCase() ?? null } : row,
  );
  const window = only(found(rows));
  assert.deepEqual([window.endpoint, window.trigger?.consecutive], ['a', 5]);
});

test('still out at the end, and out when the run began', () => {
  const open = only(found(traffic(0, 8 * S, failing(5 * S, 5.15 * S, 60 * S))));
  assert.deepEqual(
    [open.kind, open.endMs, open.endBoundsMs[1], open.durationMs],
    ['ejected', null, null, null],
  );
  assert.ok(open.endBoundsMs[0] > 7500);
  const joined = only(found(traffic(0, 8 * S, (us) => (us < 3 * S ? OUT_OF_A : {}))));
  assert.deepEqual([joined.kind, joined.startMs, joined.startBoundsMs[0]], ['joined', null, null]);
  assertWithin(3000, joined.endBoundsMs);
});

test('out, back for five 500s, out again: two windows, numbered', () => {
  const result = found(
    traffic(0, 15 * S, (us) => {
      if ((us >= 5.15 * S && us < 7.5 * S) || (us >= 7.65 * S && us < 12 * S)) return OUT_OF_A;
      return { row: (endpoint) => (endpoint === 'a' && us >= 5 * S && us < 8 * S ? { status: 500 } : {}) };
    }),
  );
  assert.deepEqual(
    result.windows.map(({ kind, trigger }) => [kind, trigger?.consecutive]),
    [
      ['ejected', 5],
      ['ejected', 5],
    ],
  );
  assert.ok((result.windows[0]?.endMs ?? 0) <= (result.windows[1]?.startMs ?? 0));
});

test('all endpoints out: the gateway’s own word shows it, and what it cost', () => {
  const gone = {
    version: null,
    endpoint: null,
    status: 503,
    outcome: 'no-healthy-upstream',
    origin: 'gateway',
  } as const;
  const result = found(
    traffic(0, 12 * S, (us) => {
      if (us >= 6 * S && us < 8 * S) return { present: [], row: () => gone };
      return { row: () => (us >= 5.8 * S && us < 6 * S ? { status: 503 } : {}) };
    }),
  );
  assert.deepEqual(
    result.windows.map(({ endpoint, kind, outAtOnce }) => [endpoint, kind, outAtOnce.out]).sort(),
    [
      ['a', 'ejected', 3],
      ['b', 'ejected', 3],
      ['c', 'ejected', 3],
    ],
  );
  for (const { startBoundsMs, endBoundsMs } of result.windows) {
    assertWithin(6000, startBoundsMs);
    assertWithin(8000, endBoundsMs);
  }
  const episode = result.episodes.find(({ kind }) => kind === 'no-healthy-upstream');
  assert.deepEqual([episode?.version, episode?.requests, episode?.share], ['v1', 200, 1]);
});

test('a version that is moved away from is no ejection', () => {
  const result = found(
    traffic(0, 12 * S, (us) => {
      const moved = us >= 6 * S && us < 8 * S;
      const other = { version: 'v2', endpoint: 'd' };
      return { row: (endpoint) => (moved || endpoint === 'c' ? other : {}) };
    }),
    [],
  );
  assert.deepEqual(result.windows, []);
  assert.deepEqual(
    result.episodes.map(({ version, kind }) => [version, kind]),
    [['v1', 'moved']],
  );
});

test('an ejection that is put off takes effect after the pod has recovered: its 5xx are still the cause', () => {
  const result = found(
    traffic(0, 12 * S, (us) => {
      if (us >= 6 * S && us < 9 * S) return OUT_OF_A;
      return { row: (endpoint) => (endpoint === 'a' && us >= 5 * S && us < 5.2 * S ? { status: 500 } : {}) };
    }),
  );
  const window = only(result);
  assert.deepEqual([window.kind, window.trigger?.consecutive], ['ejected', 5]);
  assertWithin(6000, window.startBoundsMs);
});

test('the gateway’s own 503 for a connection that an endpoint broke counts as that endpoint’s', () => {
  const broken = { status: 503, outcome: 'connection-termination', origin: 'gateway' } as const;
  const rows = traffic(0, 10 * S, (us) => {
    if (us >= 5.13 * S && us < 7.5 * S) return OUT_OF_A;
    return { row: (endpoint) => (endpoint === 'a' && us >= 5 * S && us < 5.13 * S ? broken : {}) };
  });
  assert.deepEqual(only(found(rows)).trigger?.consecutive, 5);
  // Error codes are for answers of endpoints.
  assert.deepEqual(only(found(rows, [{ ...RULE, errorCodes: [500] }])).trigger?.consecutive, 5);
  // Counted apart they are no 5xx: that it fell silent is all there is.
  const apart = only(found(rows, [{ ...RULE, consecutiveLocalOriginFailures: 5 }]));
  assert.deepEqual([apart.kind, apart.trigger], ['left', null]);
});

test('502s count for the rule of gateway errors, 500s do not', () => {
  const rule = { ...RULE, consecutive5xx: 0, consecutiveGatewayErrors: 3 };
  const statusAt = (status: number) =>
    traffic(0, 10 * S, (us) => {
      if (us >= 5.09 * S && us < 7.5 * S) return OUT_OF_A;
      return { row: (endpoint) => (endpoint === 'a' && us >= 5 * S ? { status } : {}) };
    });
  const bad = only(found(statusAt(502), [rule]));
  assert.deepEqual([bad.trigger?.consecutive, bad.leaked], [3, 0]);
  assert.deepEqual(only(found(statusAt(500), [rule])).kind, 'silent');
});

test('error codes: other 5xx are no errors of the rule, and these are also below 500', () => {
  const rule = { ...RULE, errorCodes: [503, 429] };
  const failingWith = (status: number) =>
    traffic(0, 20 * S, (us) => ({ row: (endpoint) => (endpoint === 'a' && us >= 5 * S ? { status } : {}) }));
  const triggerOf = (status: number) =>
    found(failingWith(status), [rule]).rules[0]?.checks.find(({ name }) => name === 'trigger');
  assert.equal(triggerOf(500), undefined, 'nothing happened that the rule is about');
  assert.equal(triggerOf(503)?.verdict, 'fail');
  assert.match(
    triggerOf(429)?.text ?? '',
    /answered [\d,]+ × 503, 429 in a row .* after 5 × 503, 429, which eject/,
  );
  const ejected = traffic(0, 10 * S, (us) => {
    if (us >= 5.15 * S && us < 7.5 * S) return OUT_OF_A;
    return { row: (endpoint) => (endpoint === 'a' && us >= 5 * S && us < 5.2 * S ? { status: 429 } : {}) };
  });
  assert.deepEqual(only(found(ejected, [rule])).trigger?.statuses, { 429: 5 });
});

test('too little traffic: what it would show, and the rate that would do', () => {
  const slow = traffic(0, 100 * S, (us) => (us % S === 0 ? {} : null));
  const [visibility] = found(slow).visibility;
  assert.equal(visibility?.endpoints, 3);
  // ln 1e-6 ÷ ln 2/3 = 34.07 requests, one a second.
  assert.ok(Math.abs((visibility?.shortestMs ?? 0) - 34_650) < 1000, `${visibility?.shortestMs} ms`);
  assert.ok(
    Math.abs((visibility?.ratePerSecondNeeded ?? 0) - 17.5) < 1,
    `${visibility?.ratePerSecondNeeded}/s`,
  );
  assert.equal(found(traffic(0, 10 * S, () => ({}))).visibility[0]?.ratePerSecondNeeded, null);
});

test('workers in any order: blocks that come up to a second late change nothing', () => {
  const rows = traffic(0, 10 * S, failing(5 * S, 5.15 * S, 7.5 * S));
  const wanted = found(rows);
  const maker = new BlockMaker();
  const workers = [0, 1].map((worker) => rows.filter((_, i) => i % 2 === worker));
  const [first, second] = workers.map((own) => blocksOf(maker, own)) as [never[], never[]];
  const fold = foldOn(maker, [RULE], 1000);
  // The second worker's blocks come four at a time: 1.6 s of them.
  for (let at = 0; at < Math.max(first.length, second.length); at += 2) {
    for (const block of [...second.slice(at, at + 2), ...first.slice(at, at + 2)]) fold.add(block, 0);
  }
  assert.deepEqual(fold.result(), wanted);
});

test('a request that takes long is where it was sent: its endpoint was not absent meanwhile', () => {
  // a answers after 3 s instead of 1 ms, and is sent one each 30 ms all the while.
  const rows = traffic(0, 12 * S, () => ({})).map((row) =>
    row.endpoint === 'a' && (row.sendUs ?? 0) >= 5 * S && (row.sendUs ?? 0) < 7 * S
      ? { ...row, endUs: (row.sendUs ?? 0) + 3 * S }
      : row,
  );
  assert.deepEqual(found(rows, [RULE], 4000).windows, []);
});

test('a request that comes too late to be put in order may have filled a gap: absences without 5xx are left out', () => {
  const rows = traffic(0, 20 * S, (us) => (us >= 5 * S && us < 7 * S ? OUT_OF_A : {}));
  const late = { version: 'v1', endpoint: 'a', dueUs: 6 * S, sendUs: 6 * S, endUs: 6 * S + 1000 };
  const maker = new BlockMaker();
  const fold = foldOn(maker, [RULE], 1000);
  for (const block of blocksOf(maker, rows)) fold.add(block, 0);
  fold.add(maker.block([late]), 0);
  const result = fold.result();
  assert.deepEqual(result.windows, []);
  assert.match(result.remarks[0] ?? '', /^1 requests? came too late/);
});

test('two shards tell together what neither tells alone', () => {
  const rows = traffic(0, 30 * S, failing(14 * S, 14.6 * S, 17 * S));
  // 14 a second each: too few while a is out.
  const shards = [0, 1, 2, 3, 4, 5, 6].map((first) => rows.filter((_, i) => i % 7 === first));
  for (const shard of shards) assert.deepEqual(found(shard).windows, []);
  const together = only(found(shards.flat()));
  assert.deepEqual([together.endpoint, together.kind], ['a', 'ejected']);
});
