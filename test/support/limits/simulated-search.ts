/** A whole search against simulated breakers, as the command makes it: in the time of the simulation. */
import { type Knee, kneeOf } from '../../../src/analysis/limits/knee.js';
import { type FirstRefusal, firstRefusalOf } from '../../../src/analysis/limits/levels.js';
import type { AfterRefusal, StepResult } from '../../../src/analysis/limits/result.js';
import {
  isStepOver,
  type NextStep,
  nextStep,
  type SearchOptions,
} from '../../../src/analysis/limits/search.js';
import { seededRandom } from '../../../src/random.js';
import { type Ended, SimulatedBreakers, type SimulatedSetup } from './simulated-breakers.js';
import { stepResult } from './step-results.js';

export interface SimulatedSearch extends FirstRefusal {
  readonly steps: StepResult[];
  readonly knee: Knee | null;
  /** All of it, in the time of the simulation. */
  readonly seconds: number;
}

/** How often the command looks whether a step is over. */
const LOOK_EVERY_MS = 100;

export function search(
  setup: SimulatedSetup,
  options: Partial<SearchOptions>,
  seed: number,
  afterRefusal: AfterRefusal = 'wait',
): SimulatedSearch {
  const all: SearchOptions = {
    kind: setup.search,
    maxLevel: 2000,
    refusalThreshold: 0.001,
    timeoutMs: 10_000,
    given: null,
    predicted: null,
    ...options,
  };
  const gateway = new SimulatedBreakers(setup, seededRandom(seed));
  const steps: StepResult[] = [];
  for (let next = nextStep(steps, all); next !== null; next = nextStep(steps, all)) {
    if (afterRefusal === 'wait') gateway.pauseMs = pauseMs(steps);
    steps.push(hold(gateway, setup, next, all));
  }
  const { firstRefusal, lastAccepted } = firstRefusalOf(steps, all.refusalThreshold);
  return { steps, firstRefusal, lastAccepted, knee: kneeOf(steps, all.kind), seconds: gateway.nowMs / 1000 };
}

/** As in a real search: the median time of the last step without a refusal. */
function pauseMs(steps: readonly StepResult[]): number {
  const calm = steps.findLast(({ refused, accepted }) => refused === 0 && accepted > 0);
  return (calm?.latencyUs.accepted.p50 ?? 0) / 1000;
}

function hold(
  gateway: SimulatedBreakers,
  setup: SimulatedSetup,
  step: NextStep,
  options: SearchOptions,
): StepResult {
  const startMs = gateway.nowMs;
  gateway.level = step.level;
  gateway.run(step.settleMs, () => {});
  const ended: Ended[] = [];
  let [windowMs, refused] = [0, 0];
  while (!isStepOver(step, { requests: ended.length, refused, windowMs }, options)) {
    gateway.run(LOOK_EVERY_MS, (request) => {
      ended.push(request);
      if (request.refused) refused += 1;
    });
    windowMs += LOOK_EVERY_MS;
  }
  const { purpose, level } = step;
  return stepResult({ purpose, kind: setup.search, level, startMs, windowMs }, ended, setup.versions.length);
}
