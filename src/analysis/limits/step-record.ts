/** The steps of a search as they are made, and for each level all of its steps together. */
import type { SampleBlock } from '../../blocks/sample-block.js';
import type { VersionSlots } from '../version-slots.js';
import { levelOf } from './levels.js';
import type { SearchKind, StepPurpose, StepResult } from './result.js';
import { StepFold } from './step-fold.js';

export interface StepStart {
  readonly purpose: StepPurpose;
  readonly level: number;
  /** When the level began, and when its window does, µs on the run clock. */
  readonly startUs: number;
  readonly fromUs: number;
}

export class StepRecord {
  readonly steps: StepResult[] = [];
  readonly #kind: SearchKind;
  readonly #refusalThreshold: number;
  readonly #slots: VersionSlots;
  /** Without the recovery, whose requests are of another load too. */
  readonly #byLevel = new Map<number, StepFold>();
  /** The step that goes on, and its level's; none between steps. */
  #folds: readonly StepFold[] = [];

  /** @param refusalThreshold a fraction */
  constructor(kind: SearchKind, refusalThreshold: number, slots: VersionSlots) {
    this.#kind = kind;
    this.#refusalThreshold = refusalThreshold;
    this.#slots = slots;
  }

  begin({ purpose, level, startUs, fromUs }: StepStart): void {
    const make = () =>
      new StepFold(
        { purpose, level, startUs, kind: this.#kind, refusalThreshold: this.#refusalThreshold },
        this.#slots,
      );
    const step = make();
    const together = this.#byLevel.get(level) ?? make();
    if (purpose !== 'recovery') this.#byLevel.set(level, together);
    this.#folds = purpose === 'recovery' ? [step] : [step, together];
    for (const fold of this.#folds) fold.open(fromUs);
  }

  add(block: SampleBlock): void {
    for (const fold of this.#folds) fold.add(block);
  }

  /** Of the step that goes on: requests that ended, and those of them that were refused. */
  get soFar(): { readonly requests: number; readonly refused: number } {
    return this.#folds[0]?.soFar ?? { requests: 0, refused: 0 };
  }

  /** The window of the step is over; its rows may still come. */
  close(toUs: number): void {
    for (const fold of this.#folds) fold.close(toUs);
  }

  /** @param overflows by how much the gateway's counters grew in the step; null: not known */
  end(overflows: StepResult['overflows']): StepResult {
    const [step] = this.#folds;
    if (step === undefined) throw new Error('no step goes on');
    this.#folds = [];
    const result = step.result(overflows);
    this.steps.push(result);
    return result;
  }

  /** The lowest first. */
  levels(): StepResult[] {
    return [...this.#byLevel]
      .sort(([a], [b]) => a - b)
      .map(([level, fold]) =>
        fold.result(
          overflowsOf(this.steps.filter((step) => levelOf(step) === level && step.purpose !== 'recovery')),
        ),
      );
  }
}

/** Null: not known of every step. */
function overflowsOf(steps: readonly StepResult[]): StepResult['overflows'] {
  const known = steps.flatMap(({ overflows }) => overflows ?? []);
  if (known.length < steps.length || known.length === 0) return null;
  return {
    pending: known.reduce((sum, { pending }) => sum + pending, 0),
    active: known.every(({ active }) => active !== null)
      ? known.reduce((sum, { active }) => sum + (active ?? 0), 0)
      : null,
  };
}
