/** What shows a run while it goes on. */
import type { LiveCounts } from '../analysis/live-counts.js';
import type { SoFar } from '../analysis/so-far.js';
import type { LiveGoal } from '../report/live/picture.js';

export interface RunProgress {
  /** The load begins. */
  begin(goal: LiveGoal): void;
  /** Something has come. May be called often. */
  update(live: () => LiveCounts, soFar: () => SoFar): void;
  /** Takes what is drawn off the terminal. May be called twice. */
  end(): void;
}
