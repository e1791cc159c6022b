/** What a fold knows before the first block. */
import type { LabelTables } from '../blocks/sample-block.js';
import type { EjectionRule, JudgePlan, LoadPlan } from '../plan/plan.js';

export interface FoldContext {
  /** The run's labels; the fold keeps the reference and sees them grow. */
  readonly labels: LabelTables;
  readonly judge: JudgePlan;
  /** False: neither shares nor a verdict, because the samples were chosen by what answered. */
  readonly weighed?: boolean;
  readonly mode: 'closed' | 'open';
  /** Absent: the run is judged once, at its end. */
  readonly untilVerdict?: {
    readonly workers: number;
    /** Requests that may be unanswered at once. */
    readonly inFlight: number;
    /** Connections may be closed after some requests, if each is one draw. */
    readonly renews: boolean;
    /** False: rows are missing, so that the order of sending is not known; judged once, by the same tests. */
    readonly ordered: boolean;
  };
  /** Null: ejections are not looked for. */
  readonly ejections: { readonly rules: readonly EjectionRule[]; readonly load: LoadPlan } | null;
  /**
   * Name of the version that a label stands for: an expected version's, else the label itself. Called once
   * per label, in the order of the table.
   */
  readonly versionOf: (label: string) => string;
}
