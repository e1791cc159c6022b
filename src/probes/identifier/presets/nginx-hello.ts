/**
 * nginx's hello demo: lines `Server address: …` and `Server name: POD`, or a page with the same. The
 * requested URI follows after them. The version is the pod's workload.
 */
import { workloadOf } from '../../../plan/labels/pod-name.js';
import { type BodyView, firstLine } from '../body-view.js';
import type { Preset } from './preset.js';

const ADDRESS = 'Server address: ';
const NAME = 'Server name: ';
const ON_PAGE = /Server&nbsp;name:<\/span>\s*<span>([^<\s]+)<\/span>/;

function nameOf(body: BodyView): string | null {
  return firstLine(body, NAME) ?? ON_PAGE.exec(body.text)?.[1] ?? null;
}

export const nginxHello: Preset = {
  name: 'nginx-hello',
  version(body) {
    const name = nameOf(body);
    return name === null ? null : workloadOf(name);
  },
  endpoint: nameOf,
  recognise(_sample, body) {
    if (ON_PAGE.test(body.text)) return 'the body is a page with "Server name:"';
    return firstLine(body, ADDRESS) !== null && firstLine(body, NAME) !== null
      ? 'the body has lines Server address: and Server name:'
      : null;
  },
};
