/** Defaults of Envoy that Istio does not change. */

/**
 * `update_merge_window`: a change of a cluster's endpoints that comes within this time of the one before it is put off
 * by as much (docs/ejections.md), ms.
 */
export const MERGE_WINDOW_MS = 1_000;

/** `max_ejection_time`: no ejection lasts longer, unless the base time does, ms. */
export const MAX_EJECTION_MS = 300_000;

/** With fewer healthy endpoints than this percentage Envoy sends requests to unhealthy ones too, unless it is told another. */
export const ENVOY_PANIC_PERCENT = 50;

/** What outlier detection does with fields that are not set (envoy, cluster/v3/outlier_detection.proto). */
export const ENVOY_OUTLIER_DEFAULTS = {
  consecutive5xx: 5,
  /** In force once external and local errors are counted apart. */
  consecutiveLocalOriginFailures: 5,
  intervalMs: 10_000,
  baseEjectionTimeMs: 30_000,
  maxEjectionPercent: 10,
} as const;
