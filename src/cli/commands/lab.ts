/** `weighbridge lab`: a gateway with demo backends from manifests, to rehearse on before applying them. */
import type { CommandModule, Options } from 'yargs';
import { type Flags, toggle, value } from '../options/flags.js';

const GROUPS: Readonly<Record<string, Readonly<Record<string, Options>>>> = {
  'What to build:': {
    manifest: value('manifests: a file, a folder, or - for standard input; may be repeated', {
      alias: 'f',
      defaultDescription: "the samples' gateway, 90/10 route, rules and apps",
    }),
    'tell-endpoint': toggle("backends tell their pod's name in x-pod (http-echo does not)"),
    'no-default-retries': toggle("without Istio's two default retries, which hide refused connections"),
    seed: value('seed of everything drawn at random', { defaultDescription: 'a random one, printed' }),
  },
  'Where it listens (127.0.0.1 only; 0 for any free port):': {
    port: value('port of the first HTTP listener', { defaultDescription: '8080' }),
    'tls-port': value('port of the first HTTPS listener', { defaultDescription: '8443' }),
    'control-port': value('port of the control endpoint', { defaultDescription: '8081' }),
  },
  'What goes wrong:': {
    fault: value(
      'a fault, TARGET:EFFECT[,after=TIME][,for=TIME][,rate=SHARE]; TARGET is a pod, a version or *; EFFECT is ' +
        'status=CODE, slow=TIME, close, garbage, stall=TIME or refuse; may be repeated',
    ),
  },
  'A real Envoy:': {
    envoy: toggle('put a real Envoy in front, configured as istiod would configure it'),
    'envoy-path': value('the Envoy to start (default: WEIGHBRIDGE_ENVOY_PATH, PATH, what get-envoy fetched)'),
    'event-log': value(
      'write its outlier events to this file, as JSON lines, for run --envoy-event-log; a file that is there is added to',
    ),
    'print-envoy': toggle("print Envoy's configuration and end"),
  },
};

function options(): Record<string, Options> {
  const grouped = Object.entries(GROUPS).flatMap(([group, members]) =>
    Object.entries(members).map(([name, option]) => [name, { ...option, group }] as const),
  );
  return Object.fromEntries(grouped);
}

export const labCommand: CommandModule = {
  command: 'lab',
  describe: 'start a gateway with demo backends from manifests',
  builder: (yargs) =>
    yargs
      .usage(
        '$0 lab [options]\n\nStarts a gateway and http-echo-like backends on this machine from the same manifests that ' +
          'a cluster gets.\nEnds with Ctrl-C.',
      )
      .options(options())
      .example('$0 lab', 'the samples at 90/10')
      .example(
        "$0 lab -f route.yaml --fault 'v2-0:status=503,after=5s,for=10s'",
        'a pod that fails for a while',
      )
      .example('$0 lab --envoy -f manifests/', 'on the real data plane'),
  handler: async (argv) => {
    const { labFromFlags } = await import('./lab-from-flags.js');
    process.exitCode = await labFromFlags(argv as Flags);
  },
};
