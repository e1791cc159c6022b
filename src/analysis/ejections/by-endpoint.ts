/** Groups elements by the endpoint's name. Groups and their elements stay in order. */
export function byEndpoint<T extends { readonly endpoint: string }>(all: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(one.endpoint);
    if (group === undefined) groups.set(one.endpoint, [one]);
    else group.push(one);
  }
  return groups;
}
