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
  /** Null: ejections are not looked for. */
  readonly ejections: { readonly rules: readonly EjectionRule[]; readonly load: LoadPlan } | null;
  /**
   * Name of the version that a label stands for: an expected version's, else the label itself. Called once
   * per label, in the order of the table.
   */
  readonly versionOf: (label: string) => string;
}
