/** What is known about a version's requests to all its endpoints. */
import type { EndpointState } from './endpoint-state.js';
import { RecentSends } from './recent-sends.js';
import { Turns } from './traffic-share.js';
import { UnknownEndpointRequests } from './unknown-endpoint.js';

/** From the first to the last "no healthy upstream" while none of a version's backends answered. Times in µs. */
export interface NoHealthySpan {
  readonly firstSendUs: number;
  readonly firstSeenUs: number;
  readonly lastSendUs: number;
}

export class VersionTraffic {
  /** By label: endpoints that answered. */
  readonly endpoints = new Map<number, EndpointState>();
  /** Requests whose endpoint is known. */
  readonly sends = new RecentSends();
  readonly turns = new Turns();
  readonly unknown = new UnknownEndpointRequests();
  /** Requests so far that the gateway sent to an endpoint without getting an answer. */
  failures = 0;
  /** The last one. */
  noHealthySpan: NoHealthySpan | null = null;

  get size(): number {
    return this.endpoints.size;
  }
}
