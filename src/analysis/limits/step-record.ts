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
  /** The step that goes on; null between steps. */
  #fold: StepFold | null = null;

  /** @param refusalThreshold a fraction */
  constructor(kind: SearchKind, refusalThreshold: number, slots: VersionSlots) {
    this.#kind = kind;
    this.#refusalThreshold = refusalThreshold;
    this.#slots = slots;
  }

  /** A step that did not end is forgotten. */
  begin({ purpose, level, startUs, fromUs }: StepStart): void {
    this.#fold = new StepFold(
      { purpose, level, startUs, kind: this.#kind, refusalThreshold: this.#refusalThreshold },
      this.#slots,
    );
    this.#fold.open(fromUs);
  }

  add(block: SampleBlock): void {
    this.#fold?.add(block);
  }

  /** Of the step that goes on: requests that ended, and those of them that were refused. */
  get soFar(): { readonly requests: number; readonly refused: number } {
    return this.#fold?.soFar ?? { requests: 0, refused: 0 };
  }

  /** The window of the step is over; its rows may still come. */
  close(toUs: number): void {
    this.#fold?.close(toUs);
  }

  /** @param overflows by how much the gateway's counters grew in the step; null: not known */
  end(overflows: StepResult['overflows']): StepResult {
    const fold = this.#fold;
    if (fold === null) throw new Error('no step goes on');
    this.#fold = null;
    const result = fold.result(overflows);
    this.steps.push(result);
    if (result.purpose !== 'recovery') this.#together(levelOf(result), fold);
    return result;
  }

  #together(level: number, fold: StepFold): void {
    const before = this.#byLevel.get(level);
    if (before === undefined) this.#byLevel.set(level, fold);
    else before.merge(fold);
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
