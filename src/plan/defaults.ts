/** Default values of options. Help texts use them too. */

/** A fraction: two percentage points. */
export const DEFAULT_TOLERANCE = 0.02;
export const DEFAULT_CONFIDENCE = 0.95;
/** A fraction of requests. It applies where versions are expected. */
export const DEFAULT_MAX_ERROR_RATE = 0.01;
/** Statuses that are errors, and not only answers. */
export const DEFAULT_ERROR_STATUSES: readonly string[] = ['5xx'];
export const DEFAULT_BODY_LIMIT_BYTES = 64 * 1024;
export const DEFAULT_CONNECTIONS = 50;
export const DEFAULT_STREAMS = 1;
/** Used if no number of requests is given and no versions are expected. */
export const DEFAULT_DURATION_MS = 10_000;
/** The longest run until its verdict. */
export const DEFAULT_MAX_TIME_MS = 300_000;
/** The most requests until the verdict, as a multiple of what a run of a fixed size needs. */
export const MAX_REQUESTS_FACTOR = 20;
export const DEFAULT_TIMEOUT_MS = 10_000;
export const DEFAULT_ARRIVAL = 'uniform';
/** Upper bound of the default number of worker threads. */
export const MAX_DEFAULT_THREADS = 8;
/** Requests per second above which another worker thread is worth its cost. */
export const RATE_PER_DEFAULT_THREAD = 5000;
/** A step of a search for limits is refused if its refused share is shown to be above this, a fraction. */
export const DEFAULT_REFUSAL_THRESHOLD = 0.001;
/** How far the knee may be from what is expected, as a fraction of it. */
export const DEFAULT_KNEE_TOLERANCE = 0.1;
/** Of `weighbridge compare`: which difference of a percentile of latency counts, as a part of the reference's. */
export const DEFAULT_LATENCY_TOLERANCE = 0.1;
/** Which difference of error rates counts, a fraction: half a point. */
export const DEFAULT_ERROR_TOLERANCE = 0.005;
/** Of `weighbridge doctor`: both loads together take so long, without start-ups. */
export const DEFAULT_DOCTOR_MS = 2_000;
