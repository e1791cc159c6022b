/**
 * Istio's Bookinfo: the reviews service answers JSON with `podname` and `reviews`, and the product page shows
 * that name after "Reviews served by:". The version is the pod's workload (`reviews-v2`).
 *
 * Before that the page shows the name of the signed-in user, who could choose a name like that text. The name is
 * escaped, so it cannot contain `</h4>`: only what follows the heading of the reviews is read.
 */
import { workloadOf } from '../../../plan/labels/pod-name.js';
import { type BodyView, field, stringField } from '../body-view.js';
import type { Preset } from './preset.js';

const HEADING = 'Book Reviews</h4>';
/** The name, in older pages after `</dt> <u>`. The character after it shows that it is complete. */
const SERVED_BY = /Reviews served by:\s*(?:<\/dt>\s*(?:<dd>\s*)?<u>\s*)?([\w.-]+)(?=[\s<])/;

function podOfPage(text: string): string | null {
  const heading = text.indexOf(HEADING);
  return heading === -1 ? null : (SERVED_BY.exec(text.slice(heading))?.[1] ?? null);
}

function podOf({ json, text }: BodyView): string | null {
  // Without the variable HOSTNAME, as outside of Kubernetes, the service writes the word null.
  const pod = stringField(json, 'podname') ?? podOfPage(text);
  return pod === 'null' ? null : pod;
}

export const bookinfo: Preset = {
  name: 'bookinfo',
  version(body) {
    const pod = podOf(body);
    return pod === null ? null : workloadOf(pod);
  },
  endpoint: podOf,
  recognise(_sample, body) {
    if (podOf(body) === null) return null;
    if (stringField(body.json, 'podname') === null) return 'the body is a page with "Reviews served by:"';
    return Array.isArray(field(body.json, 'reviews')) ? 'the body is JSON with podname and reviews' : null;
  },
};
