import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainBar, shareBar } from '../../../src/report/live/share-bar.js';

const of90 = { expectedShare: 0.9, bounds: [0.88, 0.92] as const };

test('the tolerance is the middle half, with the expected share in its middle', () => {
  const nothing = shareBar({ ...of90, share: null, interval: null }, 21);
  assert.deepEqual(nothing, { text: '     ├────┼────┤     ', marked: [0, 0] });
  const wide = shareBar({ ...of90, share: 0.89, interval: [0.87, 0.91] }, 21);
  assert.deepEqual(wide, { text: '   ━━┝━━●━┿━━━─┤     ', marked: [3, 14] });
  const narrow = shareBar({ ...of90, share: 0.908, interval: [0.904, 0.912] }, 21);
  assert.deepEqual(narrow, { text: '     ├────┼━●━─┤     ', marked: [11, 14] });
});

test('the same place means the same part of the tolerance, whatever the share', () => {
  const scaled = (e: number, t: number) =>
    shareBar({ expectedShare: e, bounds: [e - t, e + t], share: e + t / 2, interval: [e, e + t] }, 41).text;
  assert.equal(scaled(0.01, 0.005), scaled(0.5, 0.02));
  assert.equal(scaled(0.01, 0.005), scaled(0.5, 0.2));
});

test('a share beyond the scale is at its end', () => {
  assert.equal(shareBar({ ...of90, share: 0.99, interval: [0.98, 1] }, 21).text, '     ├────┼────┤    >');
  const below = shareBar({ ...of90, share: 0.1, interval: [0.05, 0.9] }, 21);
  assert.deepEqual(below, { text: '<━━━━┝━━━━┿────┤     ', marked: [0, 11] });
});

test('a tolerance that ends at 0 or at 1, and none at all', () => {
  const all = { expectedShare: 1, bounds: [0.98, null] as const, share: 1, interval: [0.99, 1] as const };
  assert.equal(shareBar(all, 21).text, '     ├──━━●          ');
  const none = { expectedShare: 0.5, bounds: [null, null] as const, share: 0.5, interval: null };
  assert.equal(shareBar(none, 21).text, '     ├────●────┤     ');
});

test('as wide as asked, or a little less', () => {
  for (let width = 5; width < 60; width++) {
    const { text } = shareBar({ ...of90, share: 0.9, interval: [0, 1] }, width);
    assert.ok(text.length <= width && text.length > width - 4 && text.length % 4 === 1, text);
  }
});

test('a plain bar', () => {
  assert.equal(plainBar(0.25, 8).text, '██······');
  assert.equal(plainBar(null, 8).text, '········');
});
