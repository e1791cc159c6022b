/** Header modifiers as Envoy configuration. */
import type { HeaderModifier } from '../../plan/manifests/model.js';
import type { Json } from './json.js';

function isHostHeader(name: string): boolean {
  return ['host', ':authority'].includes(name.toLowerCase());
}

/** Envoy refuses to set Host like another header; Istio writes it as a rewrite. The last one given holds. */
export function hostRewrite(modifiers: readonly (HeaderModifier | null)[]): string | null {
  const values = modifiers.flatMap((modifier) => modifier?.set ?? []);
  return values.filter(([name]) => isHostHeader(name)).at(-1)?.[1] ?? null;
}

/** `set` replaces, `add` appends (Envoy's default action, so it is not written). */
export function headerFields(
  side: 'request' | 'response',
  modifiers: readonly (HeaderModifier | null)[],
): Json {
  const given = modifiers.filter((modifier) => modifier !== null);
  const usable = ([name]: readonly [string, string]) => side === 'response' || !isHostHeader(name);
  const add = given.flatMap((modifier) => [
    ...modifier.set.filter(usable).map(([key, value]) => ({
      header: { key, value },
      append_action: 'OVERWRITE_IF_EXISTS_OR_ADD',
    })),
    ...modifier.add.filter(usable).map(([key, value]) => ({ header: { key, value } })),
  ]);
  const remove = given.flatMap((modifier) => modifier.remove);
  return {
    ...(add.length === 0 ? {} : { [`${side}_headers_to_add`]: add }),
    ...(remove.length === 0 ? {} : { [`${side}_headers_to_remove`]: remove }),
  };
}
