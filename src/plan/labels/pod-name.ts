/**
 * Pod names: `backend-v1-7d9f8b6c5d-x2x4z` is the workload's name and a suffix that Kubernetes adds.
 *
 * The suffixes, by controller: Deployment `-HASH-SUFFIX`, ReplicaSet, DaemonSet and Job `-SUFFIX`,
 * StatefulSet `-ORDINAL`. Hash and suffix are written in an alphabet without vowels and without 0, 1 and 3,
 * so that they form no words (k8s.io/apimachinery, util/rand); a suffix has five characters. A hash is the
 * decimal form of 32 bits in that alphabet: ten characters at most, fewer than six in 2 of 100,000.
 */
const APPENDED = /-(?:(?:[bcdfghjklmnpqrstvwxz2456789]{6,10}-)?[bcdfghjklmnpqrstvwxz2456789]{5}|\d+)$/;
const ONLY_APPENDED = new RegExp(`^${APPENDED.source}`);

/** The pod's workload: the name without hash, suffix and ordinal; the whole name if it has none. */
export function workloadOf(podName: string): string {
  const at = podName.search(APPENDED);
  return at > 0 ? podName.slice(0, at) : podName;
}

/** Whether `rest`, which begins with a dash, is exactly a suffix that Kubernetes adds to a workload's name. */
export function isPodSuffix(rest: string): boolean {
  return ONLY_APPENDED.test(rest);
}
