/** `pass`: shown to hold; `fail`: shown not to; `inconclusive`: not decided by these requests. */
export type Verdict = 'pass' | 'fail' | 'inconclusive';
