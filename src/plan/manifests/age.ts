/** Which of two resources is the older one: the Gateway API and Istio let it win. */
import type { ResourceRef } from './model.js';

/**
 * Compares by `metadata.creationTimestamp`; a resource without one counts as just created, and comes last.
 *
 * A cluster has no such resource: the API server stamps each one when it is created, and istiod does the same
 * for what it reads from files (istio/istio, pilot/pkg/config/memory/store.go: `cfg.CreationTimestamp = tnow`).
 * So a manifest without a timestamp will be the newest once it is applied. Go's zero time, which
 * istiod's sorts would put first (`CreationTimestamp.Compare`), never reaches them.
 *
 * @returns negative when `a` is older, 0 when neither is
 */
export function compareAge(a: ResourceRef, b: ResourceRef): number {
  if (a.createdAt === null || b.createdAt === null) {
    return Number(a.createdAt === null) - Number(b.createdAt === null);
  }
  return Date.parse(a.createdAt) - Date.parse(b.createdAt);
}
