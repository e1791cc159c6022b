/**
 * The codes of notes, for programs that read results: a code is stable, its sentence is not. Behaviour depends on codes
 * only. Runs that other versions saved may have codes that are not listed here; they are read and reported all the same.
 */
export type NoteCode =
  // How the plan was made.
  /** The address was taken from the Gateway. */
  | 'derived-address'
  /** The Host header was taken from the route. */
  | 'derived-host'
  /** The path was taken from the route's match. */
  | 'derived-path'
  /** A DestinationRule applies to no Service, as its host is not a full name. */
  | 'destination-rule-host'
  /** Which DestinationRules apply depends on pods of the gateway that the manifests do not show. */
  | 'destination-rule-client'
  /** A DestinationRule names a backend and does not apply to it. */
  | 'destination-rule-unused'
  /** Which kind of gateway was recognized, and what of it the expectation depends on. */
  | 'gateway-kind'
  /** The version of Istio is not known for certain, or changes nothing. */
  | 'gateway-version'
  /** The route is a GRPCRoute: plain requests are sent. */
  | 'grpc-route'
  /** Headers that HTTP/2 does not allow are left out. */
  | 'http2-headers'
  /** The listener that the URL leads to redirects to https, or passes TLS on. Printed before the load. */
  | 'listener-tls'
  /** No DestinationRule has a subset that the rule sends requests to. Printed before the load. */
  | 'missing-subset'
  /** A VirtualService is for some namespaces only, and where the gateway runs is not known. */
  | 'export-unknown'
  /** The manifests have no DestinationRule for a Service whose subsets the rule names. */
  | 'subset-not-given'
  /** A document of the manifests was skipped. */
  | 'manifest-skipped'
  /** Another rule of the route answers the requests. */
  | 'other-rule-answers'
  /** No ReferenceGrant of the manifests lets the rule use a backend in another namespace. */
  | 'reference-grant'
  /** A filter or a fault of the rule that changes who answers, or copies requests. */
  | 'rule-filter'
  /** Requests with a session's cookie or header do not follow the weights. */
  | 'session-persistence'
  /** A backend is there twice in the rule: shares between the two are not judged. */
  | 'repeated-backend'
  /** By its status, the gateway may not serve the route. The first note of all. */
  | 'status-not-accepted'
  /** What retries do to the shares while a version fails. */
  | 'retries'
  /** A policy of a kind of gateway (BackendTrafficPolicy, …) is for the rule or a backend, and does not apply to it. */
  | 'policy-unused'
  /** The traffic policy that applies to a backend. */
  | 'policy'
  /** Rules were passed over because of conditions that requests do not meet. */
  | 'rule-conditions'
  /** Which rule of the route was selected, and why. */
  | 'rule-selected'
  /** The expected weights add up to neither 100 nor 1. */
  | 'weights-sum'
  /** What to know about an ejection rule. Printed before the load. */
  | 'ejection-rule'
  /** There were more notes than are kept. */
  | 'notes-bounded'
  // Before the load.
  /** More addresses were found than are used. */
  | 'addresses-bounded'
  /** Addresses of the other IP family were left out. */
  | 'addresses-left-out'
  /** There are fewer connections than addresses: some addresses are not tested. */
  | 'addresses-untested'
  /** The gateway's default retries hide refused connections. */
  | 'default-retries'
  /** It was detected how version and endpoint are read. */
  | 'identifier-detected'
  /** Requests of the pre-flight had no usable answer before one had. */
  | 'preflight-repeated'
  /** All versions with weight answered before the load. */
  | 'settled'
  /** Not all versions with weight answered before the load. */
  | 'settle-incomplete'
  // During the load.
  /** The wall clock was set during the run. */
  | 'clock-step'
  /** An example of the error message of a failed request. */
  | 'failure-sample'
  /** There were more labels than are counted separately. */
  | 'labels-bounded'
  /** The run ended at the largest number of requests. */
  | 'requests-bounded'
  /** The run broke off by an error. */
  | 'run-failed'
  /** The gateway allows fewer streams per connection than requested. */
  | 'streams-limited'
  /** Threads did not stop in time, so that results were lost. */
  | 'threads-ended'
  // How the load went.
  /** Requests that were not sent or not finished. */
  | 'cut-off'
  /** This machine was slower than the schedule. */
  | 'generator-late'
  /** The last request ended long after the planned end. */
  | 'long-tail'
  /** This machine had no file descriptor for a connection. */
  | 'no-file-descriptor'
  /** This machine had no local port for a connection. */
  | 'no-local-port'
  /** Requests waited for a free connection or stream. */
  | 'waited-for-connection'
  // The split.
  /** Connections keep to versions, or differ in their shares more than chance explains: each is one draw. */
  | 'connections-differ'
  /** One address splits differently from the others. */
  | 'address-differs'
  /** A label could stand for several versions. */
  | 'ambiguous-label'
  /** The gateway has no backend for some of the requests. */
  | 'backend-unreachable'
  /** Responses broke off after their version was read. */
  | 'broken-responses'
  /** The gateway answered "no healthy upstream". */
  | 'no-healthy-upstream'
  /** The latency of a version is shown to be another than that of the version of most weight. */
  | 'latency-differs'
  /** No response named its version. */
  | 'nothing-attributed'
  /** A limit of the circuit breaker was reached. */
  | 'overflow'
  /** Responses whose version is unknown. */
  | 'unattributed'
  /** A version answered that is not expected. */
  | 'unexpected-version'
  /** At least half of a version's answers were 5xx. */
  | 'version-mostly-5xx'
  /** Every answer of a version was 4xx, and another's were not. */
  | 'version-only-4xx'
  /** A version with weight never answered. */
  | 'version-never-answered'
  /** A version with weight 0 answered. */
  | 'zero-weight-answered'
  /** More endpoints, rows of the timeline or versions than are listed. */
  | 'endpoints-bounded'
  | 'timeline-bounded'
  | 'versions-bounded'
  // Ejections.
  /** All endpoints of a version were out at once. */
  | 'all-endpoints-out'
  /** Answers named no endpoint in a version whose other answers do. */
  | 'answers-without-endpoint'
  /** An endpoint was out when the run began. */
  | 'ejection-begun-before'
  /** More 5xx came than should eject an endpoint. */
  | 'ejection-leak'
  /** An endpoint was out when the run ended. */
  | 'ejection-open'
  /** Only some replicas of the gateway ejected an endpoint. */
  | 'ejection-partial'
  /** Short absences cannot be seen at this rate. */
  | 'ejections-too-little-traffic'
  /** An endpoint was sent nothing after failed connections. */
  | 'endpoint-left'
  /** An endpoint was sent nothing, for no visible reason. */
  | 'endpoint-silent'
  /** A version with 5xx names no endpoints. */
  | 'endpoints-not-told'
  /** A version was sent nothing for a time: its weight was changed. */
  | 'version-moved'
  // The analysis of saved runs.
  /** Only a part of the run is analyzed. */
  | 'cut'
  /** Ejections are compared with other rules than the run's. */
  | 'ejections-judged-otherwise'
  /** A file ends before its run did. */
  | 'file-cut'
  /** Times in a file of another tool may have another meaning. */
  | 'import-latency'
  /** The split is judged by other values than the run's. */
  | 'judged-otherwise'
  /** A file has requests to several targets. */
  | 'several-targets'
  /** Several files are analyzed as shards of one run. */
  | 'shards'
  /** Shards did not run at the same time. */
  | 'shards-apart'
  /** Shares and ejections are left out, as the requests were chosen by what answered them. */
  | 'split-left-out';
