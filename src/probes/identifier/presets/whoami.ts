/**
 * traefik/whoami: lines `Name: NAME` (if it has a name) and `Hostname: POD` first, then addresses, then the whole
 * request, header lines and body. A request header `Name: v9` would be a line like its own, so the name counts only in
 * the very first line. `/api` answers JSON with `name` and `hostname`, and the request's headers under `headers`.
 */
import { workloadOf } from '../../../plan/labels/pod-name.js';
import { type BodyView, field, firstLine, stringField } from '../body-view.js';
import type { Preset } from './preset.js';

const NAME = 'Name: ';
const HOSTNAME = 'Hostname: ';
const FIRST_LINES = /^(?:Name: [^\n]*\n)?Hostname: [^\n]*\n(?:IP|RemoteAddr): /;

function nameOf(body: BodyView): string | null {
  return stringField(body.json, 'name') ?? (body.text.startsWith(NAME) ? firstLine(body, NAME) : null);
}

function hostnameOf(body: BodyView): string | null {
  return stringField(body.json, 'hostname') ?? firstLine(body, HOSTNAME);
}

export const whoami: Preset = {
  name: 'whoami',
  version(body) {
    const hostname = hostnameOf(body);
    return nameOf(body) || (hostname === null ? null : workloadOf(hostname));
  },
  endpoint: hostnameOf,
  recognise(_sample, { text, json }) {
    if (FIRST_LINES.test(text)) return 'the body begins with lines Hostname: and IP:';
    return stringField(json, 'hostname') !== null &&
      Array.isArray(field(json, 'ip')) &&
      stringField(json, 'url') !== null
      ? 'the body is JSON with hostname, ip and url'
      : null;
  },
};
