/** The options of `weighbridge lab`, in the order of its help. */
import { join } from 'node:path';
import { UserError } from '../../errors.js';
import { packageRoot } from '../../io/package-root.js';
import { type Range, SEED } from '../../plan/ranges.js';
import { type Input, inputsIn } from '../outputs/inputs.js';
import { type Flag, type Flags, inGroups, many, on, one, read, toggle, value } from './flags.js';
import { ISTIO_FLAGS, parseIstio } from './istio.js';
import { within } from './load.js';

const DEFAULT_PORT = 8080;
const DEFAULT_TLS_PORT = 8443;
const DEFAULT_CONTROL_PORT = 8081;
const PORT: Range = { min: 0, max: 65_535 };

const SAMPLES = ['gateway.yaml', 'httproute-90-10.yaml', 'destinationrules.yaml', 'deployments.yaml'];

const port = (describe: string, fallback: number): Flag =>
  value(describe, { defaultDescription: String(fallback), common: true });

export const LAB_FLAGS = inGroups({
  'What to build:': {
    manifest: value('manifests: a file, a folder, or - for standard input; may be repeated', {
      alias: 'f',
      reads: 'manifests',
      shown: '-f',
      defaultDescription: "the samples' gateway, 90/10 route, rules and apps",
      common: true,
    }),
    'tell-endpoint': toggle("backends add their pod's name to responses as x-pod (http-echo does not)", {
      common: true,
    }),
    'no-default-retries': toggle("without Istio's two default retries, which hide refused connections", {
      common: true,
    }),
    ...ISTIO_FLAGS,
    seed: value('seed of all random choices', {
      defaultDescription: 'a random one, printed',
      common: true,
    }),
  },
  'Where it listens (127.0.0.1 only; 0 for any free port):': {
    port: port('port of the first HTTP listener', DEFAULT_PORT),
    'tls-port': port('port of the first HTTPS listener', DEFAULT_TLS_PORT),
    'control-port': port('port of the control endpoint', DEFAULT_CONTROL_PORT),
  },
  'What goes wrong:': {
    fault: value(
      'a fault, TARGET:EFFECT[,after=TIME][,for=TIME][,rate=SHARE]; TARGET is a pod, a version or *; EFFECT is ' +
        'status=CODE, slow=TIME, close, garbage, stall=TIME or refuse; may be repeated',
      { common: true },
    ),
  },
  'A real Envoy:': {
    envoy: toggle('use a real Envoy as the gateway, configured as istiod would configure it', {
      sets: 'envoy',
      common: true,
    }),
    'envoy-path': value(
      'the Envoy to start (default: WEIGHBRIDGE_ENVOY_PATH, PATH, what get-envoy fetched)',
      { reads: 'file', common: true },
    ),
    'event-log': value(
      'write its outlier events to this file, as JSON lines, for run --envoy-event-log; an existing file is appended to',
      { sets: 'outlierLogPath', common: true },
    ),
    'print-envoy': toggle("print Envoy's configuration and exit", { common: true }),
  },
});

export interface LabCommandOptions {
  /** Files, folders and `-`, as given; by default the samples. */
  readonly manifests: readonly string[];
  /** Every file that is read. */
  readonly inputs: readonly Input[];
  /** Whether these are the samples. */
  readonly samples: boolean;
  readonly ports: { readonly port: number; readonly tlsPort: number; readonly controlPort: number };
  readonly faults: readonly string[];
  readonly seed: number | undefined;
  readonly tellEndpoint: boolean;
  readonly defaultRetries: boolean;
  readonly istio: string | undefined;
  /** Null: the embedded gateway. */
  readonly envoy: { readonly path: string | null } | null;
  readonly eventLog: string | undefined;
  readonly printEnvoy: boolean;
}

/** @throws UserError naming the flag */
export function parseLab(flags: Flags): LabCommandOptions {
  const given = many(flags, 'manifest');
  const envoyPath = one(flags, 'envoy-path') ?? null;
  const wantsEnvoy = on(flags, 'envoy');
  if (envoyPath !== null && !wantsEnvoy) {
    throw new UserError('--envoy-path belongs to a real Envoy: give --envoy too.');
  }
  const manifests = given.length > 0 ? given : sampleManifests();
  return {
    manifests,
    inputs: inputsIn(LAB_FLAGS, { ...flags, manifest: manifests }),
    samples: given.length === 0,
    ports: {
      port: read(flags, 'port', within(PORT)) ?? DEFAULT_PORT,
      tlsPort: read(flags, 'tls-port', within(PORT)) ?? DEFAULT_TLS_PORT,
      controlPort: read(flags, 'control-port', within(PORT)) ?? DEFAULT_CONTROL_PORT,
    },
    faults: many(flags, 'fault'),
    seed: read(flags, 'seed', within(SEED)),
    tellEndpoint: on(flags, 'tell-endpoint'),
    defaultRetries: !on(flags, 'no-default-retries'),
    ...parseIstio(flags),
    envoy: wantsEnvoy ? { path: envoyPath } : null,
    eventLog: read(flags, 'event-log', parseEventLog),
    printEnvoy: on(flags, 'print-envoy'),
  };
}

function parseEventLog(file: string, flag: string): string {
  if (file === '' || file === '-')
    throw new UserError(`${flag}: give the name of a file. Envoy itself writes to it.`);
  return file;
}

/** The manifests that the lab uses by default. */
export function sampleManifests(): string[] {
  return SAMPLES.map((name) => join(packageRoot(), 'samples', name));
}
