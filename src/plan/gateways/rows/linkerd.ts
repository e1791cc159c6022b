import { type GatewayFacts, NOTHING_READ, readIn } from '../facts.js';

const POLICIES = readIn('2026-08-21, b24cd40', 'linkerd/linkerd2: no file names a DestinationRule');

/** A mesh, not a gateway: its routes have Services as parents. */
export const linkerd: GatewayFacts = {
  ...NOTHING_READ,
  name: 'Linkerd',
  controllers: ['linkerd.io/policy-controller'],
  classNames: [],
  policies: POLICIES('others'),
};
