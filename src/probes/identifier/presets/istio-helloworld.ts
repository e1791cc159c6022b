/** Istio's helloworld sample, `/hello`: one line, `Hello version: v1, instance: POD`. */
import type { BodyView } from '../body-view.js';
import type { Preset } from './preset.js';

const LINE = /^Hello version: ([^,\r\n\u2028\u2029]+), instance: (\S+)(?=\s)/m;

/** If the body is whole, its last line may have no line end. */
function match({ text, cut }: BodyView): RegExpExecArray | null {
  return LINE.exec(cut ? text : `${text}\n`);
}

export const istioHelloworld: Preset = {
  name: 'istio-helloworld',
  version: (body) => match(body)?.[1] ?? null,
  endpoint: (body) => match(body)?.[2] ?? null,
  recognise: (_sample, body) => (match(body) === null ? null : 'the body has a line "Hello version: …"'),
};
