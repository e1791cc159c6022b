/** The port of a backend's Service that requests go to. */
import type { Backend, ManifestSet } from '../manifests/model.js';
import { serviceOf } from './endpoint-count.js';

/** Port of a backend when neither it nor its Service gives one. */
const USUAL_PORT = 80;

/** The backend's own, else the only one of its Service, else 80. */
export function backendPort(set: ManifestSet, backend: Backend): number {
  const ports = serviceOf(set, backend)?.ports ?? [];
  const onlyPort = ports.length === 1 ? ports[0]?.port : undefined;
  return backend.port ?? onlyPort ?? USUAL_PORT;
}
