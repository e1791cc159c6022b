import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ejectionNotesOn } from '../../../src/analysis/ejections/notes.js';
import type { EjectionsResult, Visibility } from '../../../src/analysis/ejections/result.js';
import { outFrom } from '../../support/ejection-rule.js';
import { episodeOf, ruleOf, triggerOf } from '../../support/ejections.js';

const NOTHING: EjectionsResult = {
  windows: [],
  episodes: [],
  visibility: [],
  rules: [],
  timeline: { sliceMs: 100, rows: [] },
  gateway: null,
  remarks: [],
};

const told = (changes: Partial<Visibility>): Visibility => ({
  version: 'v',
  endpoints: 3,
  withoutEndpoint: 0,
  shortestMs: 100,
  ratePerSecondNeeded: null,
  ...changes,
});

const silent = { kind: 'silent', trigger: null, leaked: null, leakedForMs: null } as const;

const cases: [what: string, found: Partial<EjectionsResult>, notes: [code: string, text: RegExp][]][] = [
  ['nothing', { visibility: [told({})], rules: [ruleOf({ version: 'v' })] }, []],
  ['a window with an end and no leak', { windows: [outFrom(1, 2)] }, []],
  [
    'leaks, of which the most is told',
    {
      windows: [
        outFrom(1, 2, { leaked: 113, leakedForMs: 1000, endpoint: 'b' }),
        outFrom(3, 4, { leaked: 2, leakedForMs: 20 }),
      ],
    },
    [['ejection-leak', /^115 more 5xx came .*, 113 of them by "b" at once, for up to 1 s: /]],
  ],
  [
    'all endpoints out, but not the only one',
    {
      windows: [
        outFrom(1, 2, { outAtOnce: { out: 2, of: 2 } }),
        outFrom(1, 2, { endpoint: 'b', outAtOnce: { out: 2, of: 2 } }),
        outFrom(1, 2, { version: 'w', outAtOnce: { out: 1, of: 1 } }),
      ],
    },
    [['all-endpoints-out', /^All endpoints of "v" that were seen/]],
  ],
  [
    'open at the end, begun before',
    {
      windows: [outFrom(1, null), outFrom(1, 2, { ...silent, kind: 'joined', startMs: null, endpoint: 'b' })],
    },
    [
      ['ejection-open', /^Still out at the end of the run: "a"\./],
      ['ejection-begun-before', /^Out when the run began, or added while it went on: "b"\./],
    ],
  ],
  [
    'silent, left, partly out',
    {
      windows: [
        outFrom(1, 2, silent),
        outFrom(3, 4, { ...silent, kind: 'left', endpoint: 'b' }),
        outFrom(5, 6, { fraction: 0.5, endpoint: 'c' }),
      ],
    },
    [
      ['endpoint-silent', /without a 5xx directly before: "a"\. A gateway that retries hides/],
      ['endpoint-left', /without 5xx in a row of its own: "b"/],
      ['ejection-partial', /^Lost only a part of its requests: "c" \(50 %\)/],
    ],
  ],
  [
    'silent after errors, too few of them',
    { windows: [outFrom(1, 2, { ...silent, errorsBefore: { 503: 5 } })] },
    [['endpoint-silent', /with fewer 5xx directly before than eject: "a"\. Another rule may be in force/]],
  ],
  [
    'answers without an endpoint',
    { visibility: [told({ withoutEndpoint: 12 })] },
    [['answers-without-endpoint', /^12 answers of "v" named no endpoint and .* between them\.$/]],
  ],
  [
    '5xx among them',
    {
      visibility: [told({ withoutEndpoint: 1 })],
      windows: [outFrom(1, 2, { trigger: triggerOf({ endpointKnown: false }) })],
    },
    [['answers-without-endpoint', /^1 answer of "v" .* are counted for the version/]],
  ],
  [
    'too little traffic, where ejections are a question',
    {
      visibility: [
        told({ shortestMs: 3210, ratePerSecondNeeded: 120.3 }),
        told({ version: 'w', shortestMs: 3210, ratePerSecondNeeded: 120.3 }),
      ],
      rules: [ruleOf({ version: 'v', checks: [] })],
    },
    [
      [
        'ejections-too-little-traffic',
        /endpoints of "v" that are shorter than 3\.21 s; 121 requests\/s would be enough/,
      ],
    ],
  ],
  [
    '5xx of a version that tells no endpoints, with a rule',
    { rules: [ruleOf({ version: 'v' })], episodes: [episodeOf({ version: 'v' })] },
    [['endpoints-not-told', /^"v" answered 5xx, but no response named its endpoint \(--endpoint-from\)/]],
  ],
  [
    'a changed weight',
    { episodes: [episodeOf({ version: 'v', kind: 'moved' }), episodeOf({ version: 'v', kind: 'moved' })] },
    [['version-moved', /^"v" got no requests .* not an ejection\.$/]],
  ],
  [
    'names from the network are cut and quoted, and many are counted',
    {
      windows: Array.from({ length: 9 }, (_, i) =>
        outFrom(1, null, { endpoint: `${i}${'x'.repeat(99)}"\u001b` }),
      ),
    },
    [['ejection-open', /^Still out at the end of the run: ("\dx{38}…", ){3}"3x{38}…" and 5 more\./]],
  ],
];

for (const [what, found, notes] of cases) {
  test(what, () => {
    const said = ejectionNotesOn({ ejections: { ...NOTHING, ...found }, notes: [] });
    assert.deepEqual(
      said.map(({ code }) => code),
      notes.map(([code]) => code),
    );
    notes.forEach(([, text], i) => {
      assert.match(said[i]?.text ?? '', text);
    });
  });
}

test('no ejections were looked for: nothing is said', () => {
  assert.deepEqual(ejectionNotesOn({ ejections: null, notes: [] }), []);
});

test('the ends of a part of a run are not called those of the run', () => {
  const joined = outFrom(1, 2, { ...silent, kind: 'joined', startMs: null, endpoint: 'b' });
  const said = ejectionNotesOn({
    ejections: { ...NOTHING, windows: [joined, outFrom(1, null)] },
    notes: [{ code: 'cut', kind: 'warning', text: 'Only some requests are counted.' }],
  });
  assert.match(said[0]?.text ?? '', /^Still out at the end of this part of the run: "a"/);
  assert.match(said[1]?.text ?? '', /^Out when this part of the run began, or added/);
});
