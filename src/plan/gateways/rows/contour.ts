import { type GatewayFacts, NOTHING_READ, readIn } from '../facts.js';
import { CONTOUR_ORDER } from '../match-order.js';

const VERSION = '2026-08-18, 31c4bb3';
const SORTER = readIn(VERSION, 'projectcontour/contour internal/sorter/sorter.go');
const PROCESSOR = readIn(VERSION, 'projectcontour/contour internal/dag/gatewayapi_processor.go');
const ENVOY = readIn(VERSION, 'projectcontour/contour internal/envoy/v3/route.go');
const POLICIES = readIn(VERSION, 'projectcontour/contour: no file names a DestinationRule');

export const contour: GatewayFacts = {
  ...NOTHING_READ,
  name: 'Contour',
  controllers: ['projectcontour.io/gateway-controller'],
  classNames: ['contour'],
  draw: ENVOY('at random'),
  order: SORTER(CONTOUR_ORDER),
  backendFilters: PROCESSOR('applied'),
  retries: PROCESSOR('none'),
  retriesGo: ENVOY('to the same version'),
  countsPer: ENVOY('version'),
  missingBackend: PROCESSOR('none: its share goes to the others', '500 if no backend is left'),
  policies: POLICIES('others'),
};
