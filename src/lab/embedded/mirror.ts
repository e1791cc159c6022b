/** Copies of requests for mirrors: each is sent once, and its answer is dropped. */
import type { LabPod } from '../mesh/topology.js';
import { attempt } from './attempt.js';
import { Cancellation } from './cancellation.js';
import type { Cluster } from './cluster.js';
import { inBreaker, recordEnd } from './exchange.js';
import { type HeaderMap, toNodeHeaders } from './headers.js';

export interface Copied {
  readonly cluster: Cluster;
  readonly method: string;
  readonly target: string;
  readonly headers: HeaderMap;
  readonly body: Buffer | null;
  /** Null: no bound. */
  readonly timeoutMs: number | null;
}

/** Sends the copy to a pod of the mirror's cluster, which counts it as any request. Resolves when it is over. */
export async function sendCopy(copied: Copied): Promise<void> {
  const { cluster } = copied;
  const cancellation = new Cancellation();
  await inBreaker(cluster, cancellation, async () => {
    const pod = cluster.pick(new Set(), null);
    if (pod !== null) await sendTo(pod, copied, cancellation);
  });
}

async function sendTo(pod: LabPod, copied: Copied, cancellation: Cancellation): Promise<void> {
  const { cluster, headers, ...request } = copied;
  cluster.begin(pod);
  try {
    const { agent } = cluster;
    const end = await attempt({ ...request, pod, agent, headers: toNodeHeaders(headers), cancellation });
    recordEnd(cluster, pod, end, false);
    if (end.kind !== 'response') return;
    const { response } = end;
    await new Promise<void>((resolve) => {
      response.on('error', () => {});
      response.on('close', resolve);
      response.resume();
    });
  } finally {
    cluster.end(pod);
  }
}
