/** Two-sided confidence of the intervals that are shown, whatever the verdict's. */
export const INTERVAL_CONFIDENCE = 0.95;
