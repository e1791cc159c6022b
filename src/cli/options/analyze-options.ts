/** The options of `weighbridge analyze`, in the order of its help. */
import type { Options } from 'yargs';
import { inGroups, type OptionGroups, value } from './flags.js';
import { RUN_OPTIONS } from './run-options.js';

/** An option that means the same as in `run`. */
const asInRun = (name: string): Options => RUN_OPTIONS[name] as Options;

const GROUPS: OptionGroups = {
  'Which requests:': {
    since: value('only requests due at this time of the run or later, e.g. 10s'),
    until: value('only requests due before this time of the run, e.g. 40s'),
    where: value(
      'only requests with version=, endpoint=, address=, status= (503, 5xx) or outcome= this; may be repeated ' +
        '(one key: any of them, several keys: all)',
    ),
  },
  'What to expect (default: as the run did):': {
    expect: asInRun('expect'),
    map: asInRun('map'),
    tolerance: { ...asInRun('tolerance'), defaultDescription: "the run's, else 2" },
    confidence: { ...asInRun('confidence'), defaultDescription: "the run's, else 95" },
  },
  'Ejections (default: as the run was to be judged):': {
    'eject-after': asInRun('eject-after'),
    'eject-base': asInRun('eject-base'),
    'eject-interval': asInRun('eject-interval'),
    'eject-max': asInRun('eject-max'),
    'envoy-event-log': asInRun('envoy-event-log'),
  },
  "Which version (results of vegeta; a saved run's are read already):": {
    'version-from': asInRun('version-from'),
    'endpoint-from': asInRun('endpoint-from'),
    'body-limit': asInRun('body-limit'),
  },
  'Output:': {
    json: asInRun('json'),
    csv: asInRun('csv'),
    'csv-dir': asInRun('csv-dir'),
    quiet: { ...asInRun('quiet'), describe: 'no table' },
    'no-color': asInRun('no-color'),
  },
};

/** Options by name. */
export const ANALYZE_OPTIONS = inGroups(GROUPS);
