/**
 * The codes of notes, for programs that read results: a code is stable, its sentence is not. Behaviour depends on codes
 * only. Runs that other versions saved may have codes that are not listed here; they are read and reported all the same.
 */

/**
 * What a note is to a reader.
 *
 * - `cause`: may explain a bad verdict. Reports show it directly below one.
 * - `warning`: a reader must know it, whatever the verdict.
 * - `explanation`: says how an expectation was derived. Reports show it on request (`--explain`).
 */
export type NoteKind = 'cause' | 'warning' | 'explanation';

/** Every code with its kind. */
const KINDS = {
  // How the plan was made.
  /** The address was taken from the Gateway. */
  'derived-address': 'explanation',
  /** The Host header was taken from the route. */
  'derived-host': 'explanation',
  /** The path was taken from the route's match. */
  'derived-path': 'explanation',
  /** A DestinationRule applies to no Service, as its host is not a full name. */
  'destination-rule-host': 'warning',
  /** Which DestinationRules apply depends on pods of the gateway that the manifests do not show. */
  'destination-rule-client': 'warning',
  /** A DestinationRule names a backend and does not apply to it. */
  'destination-rule-unused': 'warning',
  /** Which kind of gateway was recognized, and what of it the expectation depends on. */
  'gateway-kind': 'explanation',
  /** The kind of gateway is not known, and policies are taken to apply as with another. */
  'policies-assumed': 'warning',
  /** The version of Istio is not known for certain, or changes nothing. */
  'gateway-version': 'warning',
  /** The route is a GRPCRoute: plain requests are sent. */
  'grpc-route': 'warning',
  /** Headers that HTTP/2 does not allow are left out. */
  'http2-headers': 'warning',
  /** The listener that the URL leads to redirects to https, or passes TLS on. Printed before the load. */
  'listener-tls': 'cause',
  /** No DestinationRule has a subset that the rule sends requests to. Printed before the load. */
  'missing-subset': 'cause',
  /** A VirtualService is for some namespaces only, and where the gateway runs is not known. */
  'export-unknown': 'cause',
  /** The manifests have no DestinationRule for a Service whose subsets the rule names. */
  'subset-not-given': 'warning',
  /** A document of the manifests was skipped. */
  'manifest-skipped': 'warning',
  /** Another rule of the route answers the requests. */
  'other-rule-answers': 'cause',
  /** No ReferenceGrant of the manifests lets the rule use a backend in another namespace. */
  'reference-grant': 'cause',
  /** A fault that the rule asks for: requests that it answers itself, or delays. */
  'rule-fault': 'cause',
  /** A filter of the rule that changes who answers, or copies requests. */
  'rule-filter': 'warning',
  /** Requests with a session's cookie or header do not follow the weights. */
  'session-persistence': 'warning',
  /** A backend is there twice in the rule: shares between the two are not judged. */
  'repeated-backend': 'warning',
  /** By its status, the gateway may not serve the route. The first note of all. */
  'status-not-accepted': 'cause',
  /** What retries do to the shares while a version fails. */
  retries: 'warning',
  /** A policy of a kind of gateway (BackendTrafficPolicy, …) is for the rule or a backend, and does not apply to it. */
  'policy-unused': 'warning',
  /** The traffic policy that applies to a backend. */
  policy: 'explanation',
  /** Fields of a policy that are not read and may change who answers, or with which status. */
  'policy-not-read': 'cause',
  /** The limits of this kind of gateway are not read from manifests. */
  'limits-not-read': 'warning',
  /** A limit on connections is smaller than what workers and endpoints of the gateway may open in any case. */
  'limits-soft': 'warning',
  /** What the gateway speaks to backends is assumed, as the manifests have no Service. */
  'backend-protocol': 'warning',
  /** What else refuses requests, or makes limits bind sooner: retry budgets, rate limits. */
  'other-limits': 'explanation',
  /** Rules were passed over because of conditions that requests do not meet. */
  'rule-conditions': 'explanation',
  /** Which rule of the route was selected, and why. */
  'rule-selected': 'explanation',
  /** Requests have values, and which rule takes them depends on these. */
  'values-choose-rule': 'cause',
  /** The expected weights add up to neither 100 nor 1. */
  'weights-sum': 'warning',
  /** What to know about an ejection rule. Printed before the load. */
  'ejection-rule': 'warning',
  /** There were more notes than are kept. */
  'notes-bounded': 'warning',
  // Before the load.
  /** More addresses were found than are used. */
  'addresses-bounded': 'warning',
  /** Addresses of the other IP family were left out. */
  'addresses-left-out': 'warning',
  /** There are fewer connections than addresses: some addresses are not tested. */
  'addresses-untested': 'warning',
  /** The gateway's default retries hide refused connections. */
  'default-retries': 'explanation',
  /** It was detected how version and endpoint are read. */
  'identifier-detected': 'explanation',
  /** Requests of the pre-flight had no usable answer before one had. */
  'preflight-repeated': 'warning',
  /** All versions with weight answered before the load. */
  settled: 'explanation',
  /** Not all versions with weight answered before the load. */
  'settle-incomplete': 'cause',
  // During the load.
  /** The wall clock was set during the run. */
  'clock-step': 'warning',
  /** An example of the error message of a failed request. */
  'failure-sample': 'cause',
  /** There were more labels than are counted separately. */
  'labels-bounded': 'warning',
  /** The run ended at the largest number of requests. */
  'requests-bounded': 'warning',
  /** The run broke off by an error. */
  'run-failed': 'cause',
  /** The gateway allows fewer streams per connection than requested. */
  'streams-limited': 'warning',
  /** Threads did not stop in time, so that results were lost. */
  'threads-ended': 'warning',
  // How the load went.
  /** Requests that were not sent or not finished. */
  'cut-off': 'cause',
  /** A thread that sent requests was busy nearly all the time: it may have been the limit. */
  'generator-busy': 'warning',
  /** This machine was slower than the schedule. */
  'generator-late': 'warning',
  /** The last request ended long after the planned end. */
  'long-tail': 'warning',
  /** This machine had no file descriptor for a connection. */
  'no-file-descriptor': 'cause',
  /** This machine had no local port for a connection. */
  'no-local-port': 'cause',
  /** Requests waited for a free connection or stream. */
  'waited-for-connection': 'warning',
  // The split.
  /** Connections keep to versions, or lead to gateways that disagree: each is one draw. */
  'connections-differ': 'cause',
  /** One address splits differently from the others. */
  'address-differs': 'cause',
  /** A label could stand for several versions. */
  'ambiguous-label': 'cause',
  /** The gateway has no backend for some of the requests. */
  'backend-unreachable': 'cause',
  /** Responses broke off after their version was read. */
  'broken-responses': 'cause',
  /** The gateway answered "no healthy upstream". */
  'no-healthy-upstream': 'cause',
  /** The gateway got no answer from a backend, and answered itself. */
  'upstream-failure': 'cause',
  /** The latency of a version is shown to be another than that of the version of most weight. */
  'latency-differs': 'cause',
  /** No response named its version. */
  'nothing-attributed': 'cause',
  /** A limit of the circuit breaker was reached. */
  overflow: 'cause',
  /** Responses whose version is unknown. */
  unattributed: 'cause',
  /** A version answered that is not expected. */
  'unexpected-version': 'cause',
  /** The shares changed during the run, once or for some time. */
  'shares-changed': 'cause',
  /** Versions come in bursts: requests are not independent draws. */
  'versions-in-bursts': 'cause',
  /** The gateway takes versions in turn. */
  'versions-in-turn': 'warning',
  /** At least half of a version's answers were 5xx. */
  'version-mostly-5xx': 'cause',
  /** Every answer of a version was 4xx, and another's were not. */
  'version-only-4xx': 'cause',
  /** A version with weight never answered. */
  'version-never-answered': 'cause',
  /** A version with weight 0 answered. */
  'zero-weight-answered': 'cause',
  /** More endpoints, rows of the timeline or versions than are listed. */
  'endpoints-bounded': 'warning',
  'timeline-bounded': 'warning',
  'versions-bounded': 'warning',
  // Ejections.
  /** All endpoints of a version were out at once. */
  'all-endpoints-out': 'cause',
  /** Answers named no endpoint in a version whose other answers do. */
  'answers-without-endpoint': 'warning',
  /** An endpoint was out when the run began. */
  'ejection-begun-before': 'warning',
  /** More 5xx came than should eject an endpoint. */
  'ejection-leak': 'cause',
  /** An endpoint was out when the run ended. */
  'ejection-open': 'warning',
  /** Only some replicas of the gateway ejected an endpoint. */
  'ejection-partial': 'warning',
  /** Short absences cannot be seen at this rate. */
  'ejections-too-little-traffic': 'warning',
  /** An endpoint was sent nothing after failed connections. */
  'endpoint-left': 'warning',
  /** An endpoint was sent nothing, for no visible reason. */
  'endpoint-silent': 'warning',
  /** A version with 5xx names no endpoints. */
  'endpoints-not-told': 'warning',
  /** A version was sent nothing for a time: its weight was changed. */
  'version-moved': 'cause',
  // A search for limits.
  /** Backends answered with 5xx, which count as accepted. */
  'limits-backend-errors': 'warning',
  /** A rate was not sent in time. */
  'limits-behind-schedule': 'cause',
  /** The gateway counted another number of refusals than the client. */
  'limits-counts-differ': 'warning',
  /** Why refusals begin below the knee. */
  'limits-early-refusals': 'warning',
  /** The gateway answered nothing any more. */
  'limits-gateway-left': 'cause',
  /** Refusals that are no circuit breaker's. */
  'limits-other-refusals': 'cause',
  /** Connections to backends are closed after some requests, which lowers what is let through. */
  'limits-renewed-connections': 'warning',
  /** This machine was the limit. */
  'limits-own-fault': 'cause',
  /** The time was over before the search was. */
  'limits-time-over': 'cause',
  /** A version with limits never answered. */
  'limits-unanswered': 'cause',
  // The analysis of saved runs.
  /** Only a part of the run is analyzed. */
  cut: 'warning',
  /** Ejections are compared with other rules than the run's. */
  'ejections-judged-otherwise': 'warning',
  /** A file ends before its run did. */
  'file-cut': 'warning',
  /** Times in a file of another tool may have another meaning. */
  'import-latency': 'warning',
  /** The split is judged by other values than the run's. */
  'judged-otherwise': 'warning',
  /** A file has requests to several targets. */
  'several-targets': 'warning',
  /** Several files are analyzed as shards of one run. */
  shards: 'explanation',
  /** Shards did not run at the same time. */
  'shards-apart': 'warning',
  /** Shares and ejections are left out, as the requests were chosen by what answered them. */
  'split-left-out': 'warning',
} as const satisfies Record<string, NoteKind>;

export type NoteCode = keyof typeof KINDS;

/** The kind of a note; a code of another version is a warning, so that it is seen. */
export function noteKind(code: string): NoteKind {
  return Object.hasOwn(KINDS, code) ? KINDS[code as NoteCode] : 'warning';
}
