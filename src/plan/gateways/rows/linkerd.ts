import { type GatewayFacts, NOTHING_READ } from '../facts.js';

/** A mesh, not a gateway: its routes have Services as parents. */
export const linkerd: GatewayFacts = {
  ...NOTHING_READ,
  name: 'Linkerd',
  controllers: ['linkerd.io/policy-controller'],
  classNames: [],
};
