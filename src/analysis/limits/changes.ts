/** What to change in the limits to reach a knee that is wanted. */
import { sum } from '../../collections.js';
import type { ClusterLimits } from '../../plan/limit-facts.js';
import type { PredictedCluster, PredictOptions } from './predicted-cluster.js';
import type { BindingLimit, PredictedLimits } from './result.js';

type LimitName = BindingLimit['limits'][number];

const MS = 1000;
/** What sums and quotients of fractions may be off. */
const DUST = 1e-9;

const FIELDS: Readonly<Record<ClusterLimits['from'], Readonly<Record<LimitName, string>>>> = {
  DestinationRule: {
    maxConnections: 'tcp.maxConnections',
    maxPendingRequests: 'http.http1MaxPendingRequests',
    maxRequests: 'http.http2MaxRequests',
  },
  BackendTrafficPolicy: {
    maxConnections: 'maxConnections',
    maxPendingRequests: 'maxPendingRequests',
    maxRequests: 'maxParallelRequests',
  },
  options: { maxConnections: 'connections', maxPendingRequests: 'pending', maxRequests: 'requests' },
};

/**
 * Each cluster that has not enough requests under way when the wanted load is there: with enough, nothing waits, and the knee is not
 * below what is wanted. A cluster u has N × share_u × time_u ÷ Σ share × time under way of N in flight.
 *
 * @param wanted in the unit of the search
 */
export function changesFor(
  clusters: readonly PredictedCluster[],
  wanted: number,
  { search, streams, gatewayReplicas }: Pick<PredictOptions, 'search' | 'streams' | 'gatewayReplicas'>,
): PredictedLimits['changes'] {
  const work = sum(clusters.map(({ share, time }) => share * time));
  const inFlight = search === 'rate' ? (wanted / MS) * work : wanted * streams;
  return clusters.flatMap(({ version, share, time, underWay, limits }) => {
    const atOnce = Math.ceil((inFlight * share * time) / work / gatewayReplicas - DUST);
    if (atOnce <= underWay) return [];
    return [{ version, atOnce, has: underWay, text: sentence(limits, atOnce) }];
  });
}

/** `Raise tcp.maxConnections and http.http2MaxRequests of DestinationRule n/x (file, line 3) to 225 or more.` */
function sentence(limits: ClusterLimits, atOnce: number): string {
  const { from, maxConnections, maxPendingRequests, maxRequests, source } = limits;
  const { backendProtocol, maxConcurrentStreams } = limits;
  const onEach = backendProtocol === 'h2' ? maxConcurrentStreams : 1;
  const connections = onEach === null ? 0 : Math.ceil(atOnce / onEach);
  const fields = FIELDS[from];
  const raised = [
    ...(maxConnections !== null && maxConnections < connections
      ? [{ field: fields.maxConnections, to: connections }]
      : []),
    ...(maxPendingRequests === 0 ? [{ field: fields.maxPendingRequests, to: 1 }] : []),
    ...(maxRequests !== null && maxRequests < atOnce ? [{ field: fields.maxRequests, to: atOnce }] : []),
  ];
  const where = source === null ? '' : ` of ${source}`;
  const [first] = raised;
  const isSame = raised.every(({ to }) => to === first?.to);
  return isSame
    ? `Raise ${raised.map(({ field }) => field).join(' and ')}${where} to ${first?.to} or more.`
    : `Raise ${raised.map(({ field, to }) => `${field} to ${to}`).join(' and ')} or more${where}.`;
}
