/** The Services of the lab: those of the manifests, or one for each host that routes send requests to. */
import type { ManifestSet, Service } from '../../plan/manifests/model.js';
import { serviceHost } from '../../plan/manifests/service-host.js';
import { backendHost } from '../../plan/policy/destination-rules.js';
import { printable } from '../../text/printable.js';

export type Labels = Readonly<Record<string, string>>;

export interface PlannedService {
  readonly name: string;
  readonly namespace: string;
  readonly host: string;
  readonly ports: Service['ports'];
  readonly selector: Labels;
}

export function fromService(service: Service): PlannedService {
  const { name, namespace } = service.ref;
  return {
    name,
    namespace,
    host: serviceHost(name, namespace),
    ports: service.ports,
    selector: service.selector,
  };
}

/** Whether a Service selects pods with these labels; an empty selector selects none, as in Kubernetes. */
export function selects(selector: Labels, labels: Labels): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}

/** One service per host that any route sends requests to, with all ports that are named. */
export function fromRoutes(set: ManifestSet, defaults: string[]): PlannedService[] {
  const found = new Map<string, PlannedService>();
  for (const route of set.routes) {
    for (const backend of route.rules.flatMap((rule) => [...rule.backends, ...rule.mirrors])) {
      const host = backendHost(backend);
      if (host === null) continue;
      const [name = '', namespace = route.ref.namespace] = host.split('.');
      const known = found.get(host);
      const port = { name: 'http', port: backend.port ?? 80, targetPort: null, appProtocol: null };
      const ports = known?.ports ?? [];
      found.set(host, {
        name,
        namespace,
        host,
        ports: ports.some((each) => each.port === port.port) ? ports : [...ports, port],
        selector: { app: name },
      });
    }
  }
  if (found.size > 0) {
    defaults.push(`Services: made for ${listed([...found.values()])}, since no manifest has any`);
  }
  return [...found.values()];
}

function listed(services: readonly PlannedService[]): string {
  const names = services.slice(0, 8).map(({ name }) => printable(name));
  return names.join(', ') + (services.length > 8 ? ' and others' : '');
}
