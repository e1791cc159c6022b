/** Google's hello-app: `Hello, world!`, then lines `Version: 1.0.0` and `Hostname: POD`. */
import { firstLine } from '../body-view.js';
import type { Preset } from './preset.js';

const VERSION = 'Version: ';
const HOSTNAME = 'Hostname: ';

export const helloApp: Preset = {
  name: 'hello-app',
  version: (body) => firstLine(body, VERSION),
  endpoint: (body) => firstLine(body, HOSTNAME),
  recognise: (_sample, body) =>
    body.text.startsWith('Hello, world!') &&
    firstLine(body, VERSION) !== null &&
    firstLine(body, HOSTNAME) !== null
      ? 'the body says hello and has lines Version: and Hostname:'
      : null,
};
