/** Are endpoints ejected as their rules say? */
import type { Check } from '../result.js';
import type { CheckInput } from './check-input.js';
import { nameOf } from './words.js';

/** Those that pass or fail. Inconclusive ones change neither the verdict nor the exit status. */
export function ejectionChecks({
  rules,
  endpointsMissing,
}: Pick<CheckInput, 'rules' | 'endpointsMissing'>): Check[] {
  const decided = rules.flatMap(({ version, checks }) =>
    checks
      .filter(({ verdict }) => verdict !== 'inconclusive')
      .map(
        ({ name, verdict, figure, bound }): Check => ({
          name: `ejections/${version}/${name}`,
          verdict,
          figure,
          bound: [...bound],
          interval: null,
          requestsNeeded: null,
          text: `the ejections of ${nameOf(version)} ${verdict === 'pass' ? 'keep' : 'break'} their rule (${name})`,
        }),
      ),
  );
  return endpointsMissing ? [...decided, UNJUDGED] : decided;
}

/** A rule that was asked for is not passed over in silence. */
const UNJUDGED: Check = {
  name: 'ejections',
  verdict: 'inconclusive',
  figure: null,
  bound: [null, null],
  interval: null,
  requestsNeeded: null,
  text: 'no response named its endpoint, so the ejection rule that was asked for is not judged (--endpoint-from says where endpoints are)',
};
