/** Names of a rule's backends in reports: short, and different for different backends. */
import { VERSION_HEADER } from '../../labels/instrument-headers.js';
import type { Backend, HeaderModifier } from '../model.js';

/** A backend before it has its name. */
export type UnnamedBackend = Omit<Backend, 'name'>;

/**
 * Names a rule's backends: the referenced object's name, `name-subset` with a subset. Where different
 * backends would be called the same, each name shows where they differ: `namespace/name`, `name:port`, and kind or
 * host if nothing else differs. The same backend given twice keeps one name, its weights add up, unless each has a version
 * header of its own: then these are their names.
 */
export function nameBackends<T extends UnnamedBackend>(
  backends: readonly T[],
): (T & Pick<Backend, 'name'>)[] {
  const alike = new Map<string, UnnamedBackend[]>();
  for (const backend of backends) {
    const group = alike.get(short(backend));
    if (group === undefined) alike.set(short(backend), [backend]);
    else group.push(backend);
  }
  const namers = new Map([...alike].map(([name, group]) => [name, namer(group)]));
  const named = backends.map((backend) => ({
    name: namers.get(short(backend))?.(backend) as string,
    ...backend,
  }));
  const values = versionHeaderValues(named);
  const isOwn = named.map(({ responseHeaders }, i) => versionHeaderOf(responseHeaders) === values[i]);
  const mixed = new Set(named.filter((_, i) => !isOwn[i]).map(({ name }) => name));
  return named.map((backend, i) =>
    mixed.has(backend.name) ? backend : { ...backend, name: values[i] as string },
  );
}

/**
 * The values of the version header that tell a rule's backends apart: their names, and `NAME#1`, `NAME#2` for one that is
 * there twice. No name has a `#`.
 */
export function versionHeaderValues(backends: readonly Pick<Backend, 'name'>[]): string[] {
  const names = backends.map(({ name }) => name);
  return names.map((name, i) => {
    if (names.indexOf(name) === names.lastIndexOf(name)) return name;
    return `${name}#${names.slice(0, i + 1).filter((one) => one === name).length}`;
  });
}

/** The value of the version header that a backend's own modifier sets; null for none. */
export function versionHeaderOf(responseHeaders: HeaderModifier | null): string | null {
  // Names are in lower case.
  return responseHeaders?.set.find(([name]) => name === VERSION_HEADER)?.[1] ?? null;
}

/** Names backends that would all be called the same by where they differ. */
function namer(alike: readonly UnnamedBackend[]): (backend: UnnamedBackend) => string {
  const kindOf = ({ kind, group }: UnnamedBackend) => `${kind}.${group || 'core'}`;
  const differ = (key: (backend: UnnamedBackend) => unknown) => new Set(alike.map(key)).size > 1;
  const byRefName = differ((backend) => backend.refName);
  const byNamespace = differ((backend) => backend.namespace);
  const byPort = differ((backend) => backend.port);
  const byKind = differ(kindOf);
  return (backend) => {
    let name = byRefName ? [backend.refName, backend.subset ?? []].flat().join('|') : short(backend);
    if (byNamespace) name = `${backend.namespace}/${name}`;
    if (byPort) name = `${name}:${backend.port ?? 'any'}`;
    return byKind ? `${kindOf(backend)}/${name}` : name;
  };
}

function short(backend: UnnamedBackend): string {
  const [label = backend.refName] = backend.kind === 'Hostname' ? backend.refName.split('.') : [];
  return withSubset(label, backend.subset);
}

function withSubset(name: string, subset: string | null): string {
  return subset === null ? name : `${name}-${subset}`;
}
