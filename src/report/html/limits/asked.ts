/** What was asked of the search. */
import type { LimitsResult } from '../../../analysis/limits/result.js';
import { inSeconds } from '../../../text/durations.js';
import { count } from '../../../text/numbers.js';
import { levelInWords, shareInWords } from '../../limits/words.js';
import { targetLines } from '../../table/about.js';
import { html, type Part } from '../frame/markup.js';
import { definitions, type Section, section } from '../frame/section.js';

export function askedSection(result: LimitsResult): Section {
  const { target, limits, predicted, checks } = result;
  const lines = (texts: readonly string[]): Part => texts.map((text) => html`<p>${text}</p>`);
  const { search, streams, refusalThreshold, predictedKnee } = limits;
  return section(
    'asked',
    'What was asked',
    definitions([
      ['Target', lines(targetLines(target))],
      [
        'Question',
        search === 'rate'
          ? 'From how many requests per second on does the gateway refuse some?'
          : `From how many connections on does the gateway refuse requests?${streams === 1 ? '' : ` Each connection has ${count(streams)} requests at once.`}`,
      ],
      [
        'Refused',
        `more than ${shareInWords(refusalThreshold)} of the requests of a step, shown with 95 % confidence`,
      ],
      ['After a refusal', afterRefusal(result)],
      ...(predicted === null || predictedKnee === null
        ? []
        : [
            [
              'Predicted',
              `full at ${levelInWords(limits, predictedKnee)}, by the limits and the times that were measured`,
            ] as const,
          ]),
      ...(checks.length === 0
        ? [['Judged', 'nothing: no knee was expected, and none predicted'] as const]
        : [['Judged', lines(checks.map(({ text, verdict }) => `${verdict}: ${text}`))] as const]),
    ]),
  );
}

function afterRefusal({ limits: { search, afterRefusal: what, afterRefusalMs } }: LimitsResult): string {
  if (search === 'rate') return 'requests are sent when they are due, whatever became of others';
  if (what === 'hammer') return 'a connection sends its next request at once';
  return afterRefusalMs === null
    ? 'a connection waits for the median time of an accepted request; it did not come to that'
    : `a connection waits ${inSeconds(afterRefusalMs)}, the median time of an accepted request`;
}
