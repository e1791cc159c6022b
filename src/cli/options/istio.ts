/** The option for the version of Istio. */
import { type Flags, one, value } from './flags.js';

export const ISTIO_FLAGS = {
  istio: value('version of Istio where an answer depends on it, such as 1.30', {
    defaultDescription: "the manifests', else the newest that is known",
    sets: 'istio',
  }),
};

export function parseIstio(flags: Flags): { readonly istio: string | undefined } {
  return { istio: one(flags, 'istio') };
}
