/** Endpoints that are, or were, out of rotation: a row each. */
import type { EjectionsSoFar } from '../../analysis/ejections/ejection-fold.js';
import type { EjectionWindow } from '../../analysis/ejections/result.js';
import { count } from '../../text/numbers.js';
import { terminalText } from '../../text/printable.js';
import { widthOf } from '../../text/width.js';
import { seconds, widthMs } from '../ejections/times.js';
import { nameOf } from '../ejections/windows.js';
import type { Paint } from '../layout/grid.js';
import { cut } from '../layout/text.js';
import { inWholeSeconds } from '../progress.js';

const KINDS = { ejected: 'ejected', left: 'left', silent: 'sent nothing' } as const;

/**
 * Those that are out first, then the latest. Empty if none was found.
 *
 * @param most rows at most, besides the heading
 */
export function endpointRows(
  ejections: EjectionsSoFar | null,
  columns: number,
  most: number,
  paint: Paint,
): string[] {
  const all = endpointsOf(ejections?.windows ?? []);
  if (all.length === 0 || ejections === null) return [];
  const shown = all.slice(0, most);
  const hidden = all.length - shown.length;
  const known = inWholeSeconds(ejections.untilMs);
  const head = [`Out of rotation (known up to ${known})`, ...(hidden > 0 ? [`${count(hidden)} more`] : [])];
  const names = shown.map(({ last }) => cut(terminalText(nameOf(last)), Math.max(8, columns >> 1)));
  const width = Math.max(0, ...names.map(widthOf));
  const orMore = ejections.earlier > 0 ? ' or more' : '';
  const rows = shown.map(({ last, times }, i) => {
    const name = names[i] as string;
    const text = cut(
      `${name}${' '.repeat(width - widthOf(name))}  ${inWords(last)}${times > 1 ? `, ${count(times)} times${orMore}` : ''}`,
      columns,
    );
    return last.endMs === null ? paint('inconclusive', text) : text;
  });
  return [cut(head.join(' · '), columns), ...rows];
}

interface OutEndpoint {
  readonly last: EjectionWindow;
  /** How often it was out. */
  readonly times: number;
}

function endpointsOf(windows: readonly EjectionWindow[]): OutEndpoint[] {
  const byName = new Map<string, OutEndpoint>();
  for (const window of windows) {
    // It may just be new.
    if (window.kind === 'joined') continue;
    const key = nameOf(window);
    byName.set(key, { last: window, times: (byName.get(key)?.times ?? 0) + 1 });
  }
  const isOut = ({ last }: OutEndpoint) => Number(last.endMs === null);
  return [...byName.values()].sort(
    (a, b) => isOut(b) - isOut(a) || (b.last.startMs ?? 0) - (a.last.startMs ?? 0),
  );
}

/** `ejected from 12.43 s to 46.2 s`, `ejected from 12.43 s, still out` */
function inWords(window: EjectionWindow): string {
  const { kind, startMs, startBoundsMs, endMs, endBoundsMs, fraction } = window;
  const what = kind === 'joined' ? kind : KINDS[kind];
  const part = fraction < 1 ? ` in part (${Math.round(fraction * 100)} % of its traffic)` : '';
  const from = startMs === null ? '' : ` from ${seconds(startMs, widthMs(startBoundsMs))}`;
  const to = endMs === null ? ', still out' : ` to ${seconds(endMs, widthMs(endBoundsMs))}`;
  return `${what}${part}${from}${to}`;
}
