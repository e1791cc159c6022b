import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { html, nameMarkup, paragraphs } from '../../../../src/report/html/frame/markup.js';

test('text is escaped, markup is not, null is nothing', () => {
  const inner = html`<b>${'<i>&"\''}</b>`;
  assert.equal(
    String(html`<p>${inner}${null}${[1, ' ', inner]}</p>`),
    '<p><b>&lt;i&gt;&amp;&quot;&#39;</b>1 <b>&lt;i&gt;&amp;&quot;&#39;</b></p>',
  );
});

test('whatever a text holds, it ends neither an element nor an attribute', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const [, inside] =
        /^<p title="([^"]*)">[^<>]*<\/p>$/.exec(String(html`<p title="${text}">${text}</p>`)) ?? [];
      assert.notEqual(inside, undefined);
    }),
  );
});

test('escapes, right-to-left marks and very long names are shown as harmless text', () => {
  const marked = String(nameMarkup('\u001b[31mred\u202egnp.exe'));
  assert.equal(marked, '<bdi>red\ufffdgnp.exe</bdi>');
  const long = String(nameMarkup('x'.repeat(10_000)));
  assert.ok(long.length < 120, long);
  assert.match(long, /x…x/);
});

test('lines are paragraphs, and those with a dash a list', () => {
  assert.equal(
    String(paragraphs('a\n- b\n- <c>\nd')),
    '<p>a</p><ul><li>b</li><li>&lt;c&gt;</li></ul><p>d</p>',
  );
});
