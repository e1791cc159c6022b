/** The options of `weighbridge run`, in the order of its help. */
import { inGroups, type OptionGroups, toggle, value } from './flags.js';

const GROUPS: OptionGroups = {
  'What to expect:': {
    manifest: value(
      'manifests: a file, a folder, or - for standard input (as kubectl prints them); may be repeated',
      {
        alias: 'f',
      },
    ),
    rule: value('which rule of the manifests, by number or name, where several could be meant'),
    expect: value('expected weights, e.g. v1=90,v2=10; wins over the manifests'),
    map: value('what stands for an expected version in responses, e.g. backend-v1=blue; may be repeated'),
    tolerance: value('how far a share may lie from its weight, in percentage points', {
      defaultDescription: '2',
    }),
    confidence: value('confidence of the verdict, in percent', { defaultDescription: '95' }),
  },
  'Target:': {
    host: value('Host header, without changing the address connected to'),
    sni: value('server name of the TLS handshake (default: the Host, without its port)'),
    resolve: value('HOST:PORT:ADDRESS[,ADDRESS]…, as curl, but all addresses are used; may be repeated'),
    'connect-to': value(
      'HOST1:PORT1:HOST2:PORT2, as curl; repeated for the same HOST1:PORT1, connections are divided among them',
    ),
    'unix-socket': value('connect to this Unix socket'),
    http2: toggle(
      'HTTP/2: agreed by ALPN over TLS, with prior knowledge (h2c) over http:// and Unix sockets',
    ),
    method: value('request method', { alias: ['m', 'X'], defaultDescription: 'GET, with -d POST' }),
    header: value("a request header, 'Name: value'; may be repeated", { alias: 'H' }),
    data: value('request body; @FILE reads it from a file', { alias: 'd' }),
    secret: value(
      'a request header whose value no report shows (authorization and cookie never are); may be repeated',
    ),
    cacert: value('certificate authorities to trust (PEM)'),
    cert: value('client certificate (PEM)'),
    key: value('key of the client certificate (PEM)'),
    insecure: toggle('do not verify the certificate', { alias: 'k' }),
  },
  'Load:': {
    requests: value('requests to send', { alias: 'n' }),
    duration: value('how long to send, e.g. 30s, 5m (default 10s, or until -n is reached)', { alias: 'z' }),
    connections: value('connections; each carries one request at a time, or --streams of them', {
      alias: 'c',
      defaultDescription: '50',
    }),
    streams: value('with --http2: requests at once on each connection', {
      alias: 'p',
      defaultDescription: '1',
    }),
    rate: value('requests per second (open loop: due at fixed times, whether or not answers came)', {
      alias: 'q',
    }),
    arrival: value('open loop: uniform or poisson', { defaultDescription: 'uniform' }),
    'max-in-flight': value(
      'open loop: requests unanswered at once, each on a connection or stream of its own (default: -c × -p)',
    ),
    ramp: value('time over which connections, or the rate, grow to the full number'),
    settle: value(
      'wait, at most this long, until every version with weight has answered (a route just applied), then send the load',
    ),
    warmup: value('requests (500) or time (5s) sent first and left out of the figures'),
    timeout: value('give up on a request after this time', { alias: 't', defaultDescription: '10s' }),
    threads: value('worker threads (default: by cores)'),
    'no-keepalive': toggle('a new connection for every request'),
    'requests-per-connection': value('close each connection after this many requests'),
    seed: value('seed of the poisson arrivals'),
  },
  'Which version:': {
    'version-from': value(
      "where a response tells its version: header:NAME, 'body:/regex (group)/', json:/pointer, a preset (weighbridge identify lists those that fit), none (default: detected)",
    ),
    'endpoint-from': value('where a response tells its endpoint; as --version-from'),
    'body-limit': value('bytes of a body that are read for it', { defaultDescription: '65536' }),
    'no-preflight': toggle('send the load at once, without trying one request first (needs --version-from)'),
  },
  'Ejections:': {
    'eject-after': value('hold ejections against this rule: 5xx in a row that eject (0: none do)', {
      defaultDescription: "the manifests', else 5",
    }),
    'eject-base': value('how long the first ejection of an endpoint lasts, the nth in a row n times that', {
      defaultDescription: "the manifests', else 30s",
    }),
    'eject-interval': value('how often the gateway looks for endpoints to put back', {
      defaultDescription: "the manifests', else 10s",
    }),
    'eject-max': value("at most this part of a version's endpoints may be out, in percent", {
      defaultDescription: "the manifests', else 10",
    }),
    'envoy-admin': value(
      "Envoy's admin interface, e.g. http://localhost:15000: watched during the run; may be repeated, one for each replica",
    ),
    'envoy-event-log': value("Envoy's outlier event log, a file: laid beside what the client saw"),
  },
  'Output:': {
    json: value('write the result as JSON to a file, or - for standard output'),
    csv: value('write a row per version as CSV to a file, or - for standard output'),
    'csv-dir': value('write versions.csv and ejections.csv (a row per ejection window) into this folder'),
    save: value('save the run: every request, as an Arrow stream, to a file, or - for standard output'),
    samples: value('write a row per request as CSV to a file, or - for standard output'),
    quiet: toggle('no table and no progress'),
    'no-color': toggle('no colour (as the environment variable NO_COLOR)'),
  },
};

/** Options by name. */
export const RUN_OPTIONS = inGroups(GROUPS);
