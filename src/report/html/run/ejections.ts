/** Endpoints that were taken out of rotation. */
import type { EjectionsResult, RuleResult } from '../../../analysis/ejections/result.js';
import type { RunResult } from '../../../analysis/result.js';
import { episodeTable } from '../../ejections/episodes.js';
import { explained, gatewayRemarks, gatewayTable } from '../../ejections/gateway.js';
import { ruleInWords } from '../../ejections/rules.js';
import { ejectedInWords, keptRules, sentence } from '../../ejections/summary.js';
import { windowTable } from '../../ejections/windows.js';
import type { GridData } from '../../layout/grid.js';
import { html, type Markup, NOTHING, nameMarkup } from '../frame/markup.js';
import { behind } from '../frame/plot.js';
import { type Section, section } from '../frame/section.js';
import { tableMarkup } from '../frame/table.js';
import { gantt } from './gantt.js';

/** Rows of windows, episodes and what the gateway reports. */
const MAX_WINDOWS = 200;
/** Rules, and remarks, that are shown. */
const MAX_RULES = 40;

/** Empty where nothing was out, no rule was judged, and the gateway was not asked. */
export function ejectionSection({ ejections }: RunResult): Section[] {
  if (ejections === null) return [];
  const { windows, episodes, rules, gateway } = ejections;
  const judged = rules.filter(({ checks }) => checks.length > 0);
  const happened = windows.length > 0 || episodes.length > 0;
  if (!happened && judged.length === 0 && gateway === null) return [];
  return [
    section(
      'ejections',
      windows.length === 0 && judged.length === 0 && gateway === null ? 'Episodes' : 'Ejections',
      [ejectedInWords(windows), keptRules(ejections)].map((text) =>
        text === '' ? NOTHING : html`<p>${text}</p>`,
      ),
      happened ? gantt(ejections) : html`<p>No endpoint was out of rotation.</p>`,
      windows.length === 0
        ? NOTHING
        : tableMarkup('When endpoints got no requests, and why', windowTable(windows), MAX_WINDOWS),
      episodes.length === 0
        ? NOTHING
        : tableMarkup('What happened to whole versions', episodeTable(episodes, false), MAX_WINDOWS),
      judged.slice(0, MAX_RULES).map(ruleMarkup),
      gatewayMarkup(ejections),
      list(ejections.remarks),
    ),
  ];
}

function ruleMarkup(rule: RuleResult): Markup {
  const checks: GridData = {
    columns: [
      { head: 'check', align: 'left' },
      { head: 'verdict', align: 'left' },
      { head: 'what was found', align: 'left' },
    ],
    rows: rule.checks.map((check) => [
      { text: check.name },
      { text: check.verdict, meaning: check.verdict },
      { text: check.text === '' ? sentence(check) : check.text },
    ]),
  };
  return html`<h3>Ejection rule of ${nameMarkup(rule.version)}</h3><p>${ruleInWords(rule)}</p>
${tableMarkup(`Whether ejections of ${rule.version} keep it`, checks)}`;
}

function gatewayMarkup({ gateway, windows }: EjectionsResult): Markup {
  if (gateway === null) return NOTHING;
  const { columns, rows } = gatewayTable(gateway.windows, windows, false);
  const table: GridData = {
    columns: [...columns, { head: 'where it is reported', align: 'left' }],
    rows: rows.map((row, i) => {
      const window = gateway.windows[i];
      return [...row, { text: window === undefined ? '' : explained(window) }];
    }),
  };
  return html`<h3>What the gateway reports</h3>
${rows.length === 0 ? html`<p>No ejection.</p>` : tableMarkup('Ejections by the gateway, beside what was seen', table, MAX_WINDOWS)}
${behind('Clock, counters and remarks', list(gatewayRemarks(gateway)))}`;
}

function list(lines: readonly string[]): Markup {
  if (lines.length === 0) return NOTHING;
  return html`<ul>${lines.slice(0, MAX_RULES).map((line) => html`<li>${line}</li>`)}</ul>`;
}
