/** Faults that root does not see: a test that runs as root acts as another user for a while. */

/** A user of every Unix that owns nothing. */
const NOBODY = 65_534;

/** Runs an action for which permissions count. */
export async function withoutPrivileges<T>(action: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return await action();
  process.seteuid?.(NOBODY);
  try {
    return await action();
  } finally {
    process.seteuid?.(0);
  }
}
