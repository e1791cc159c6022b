/** From manifests to the services and pods that the lab is to have. */
import { UserError } from '../../errors.js';
import type { Deployment, ManifestSet, Service } from '../../plan/manifests/model.js';
import { appliedRules, backendHost, serviceHost } from '../../plan/policy/destination-rules.js';
import { printable } from '../../text/printable.js';
import type { LabPod, LabService } from './topology.js';

/** A pod before it listens: the port is known afterwards. */
export type PlannedPod = Omit<LabPod, 'port'>;

export interface TopologyPlan {
  readonly services: readonly (Omit<LabService, 'pods'> & { readonly pods: readonly PlannedPod[] })[];
  /** What no manifest says, one readable line each. */
  readonly defaults: readonly string[];
}

/** More would take this machine's ports and time, and rehearse nothing that fewer do not. */
const MAX_PODS = 200;
const FIRST_VERSION_PODS = 3;
const OTHER_VERSION_PODS = 2;

type Labels = Readonly<Record<string, string>>;

/** Pods that are alike: what a Deployment would make. */
interface Workload {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly replicas: number;
  readonly text: string;
}

interface PlannedService {
  readonly name: string;
  readonly namespace: string;
  readonly host: string;
  readonly ports: Service['ports'];
  readonly selector: Labels;
}

/**
 * Plans the lab's services and pods. Services and Deployments are taken as they are, a Service picking the
 * pods of its namespace by its selector. Without any Service every backend of a route gets one; without any
 * Deployment every Service gets pods of its own, three for the first and two for the others.
 *
 * @throws UserError when the pods would be too many
 */
export function planTopology(set: ManifestSet): TopologyPlan {
  const defaults: string[] = [];
  const services = set.services.length > 0 ? set.services.map(fromService) : fromRoutes(set, defaults);
  const workloads =
    set.deployments.length > 0 ? set.deployments.map(fromDeployment) : makeWorkloads(set, services, defaults);
  const total = workloads.reduce((sum, { replicas }) => sum + replicas, 0);
  if (total > MAX_PODS) {
    throw new UserError(
      `The Deployments ask for ${total} pods; the lab starts at most ${MAX_PODS}. Lower spec.replicas.`,
    );
  }
  const pods = namePods(workloads);
  return {
    services: services.map(({ selector, ...service }) => ({
      ...service,
      pods: pods.filter((pod) => pod.namespace === service.namespace && selects(selector, pod.labels)),
    })),
    defaults,
  };
}

function fromService(service: Service): PlannedService {
  const { name, namespace } = service.ref;
  return {
    name,
    namespace,
    host: serviceHost(name, namespace),
    ports: service.ports,
    selector: service.selector,
  };
}

function fromDeployment({ ref, replicas, podLabels, args }: Deployment): Workload {
  const { name, namespace } = ref;
  return { name, namespace, labels: podLabels, replicas, text: textOf(args) ?? greeting(name) };
}

/** http-echo's text: `-text=hello`, `-text hello`, also with two dashes. */
function textOf(args: readonly string[]): string | null {
  for (const [index, arg] of args.entries()) {
    const match = /^--?text(?:=([\s\S]*))?$/.exec(arg);
    if (match !== null) return match[1] ?? args[index + 1] ?? null;
  }
  return null;
}

function greeting(name: string): string {
  return `hello from ${name.replaceAll('-', ' ')}`;
}

/** A selector that selects nothing in particular selects no pods, as in Kubernetes. */
function selects(selector: Labels, labels: Labels): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}

/** One service per host that any route sends requests to, with all ports that are named. */
function fromRoutes(set: ManifestSet, defaults: string[]): PlannedService[] {
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

/** A workload per service or, where routes use subsets of it, per subset. */
function makeWorkloads(
  set: ManifestSet,
  services: readonly PlannedService[],
  defaults: string[],
): Workload[] {
  const selecting = services.filter(({ selector }) => Object.keys(selector).length > 0);
  const workloads = selecting.flatMap((service) => {
    const subsets = subsetsOf(set, service);
    const makes = subsets.length > 0 ? subsets : [null];
    return makes.map((subset): Omit<Workload, 'replicas'> => {
      const name = subset === null ? service.name : `${service.name}-${subset.name}`;
      const version = subset?.name ?? versionIn(service.name, services);
      return {
        namespace: service.namespace,
        name,
        labels: {
          app: service.name,
          ...(version === null ? {} : { version }),
          ...service.selector,
          ...subset?.labels,
        },
        text: greeting(name),
      };
    });
  });
  // A service that selects another's pods as well (`backend` over `backend-v1`) needs none of its own.
  const distinct = workloads.filter(
    (workload, index) =>
      !workloads.some(
        (other, at) =>
          at !== index &&
          other.namespace === workload.namespace &&
          selects(workload.labels, other.labels) &&
          (at < index || !selects(other.labels, workload.labels)),
      ),
  );
  const withPods = distinct.map((workload, index) => ({
    ...workload,
    replicas: index === 0 ? FIRST_VERSION_PODS : OTHER_VERSION_PODS,
  }));
  if (withPods.length > 0) {
    defaults.push(
      `pods: ${FIRST_VERSION_PODS} for ${printable(withPods[0]?.name ?? '')}, ${OTHER_VERSION_PODS} for each other version, since no manifest has a Deployment`,
    );
  }
  return withPods;
}

/** The last word of a service's name when no other service ends with it: `v1` of `backend-v1`. */
function versionIn(name: string, services: readonly PlannedService[]): string | null {
  const last = (of: string) => /-([^-]+)$/.exec(of)?.[1] ?? null;
  const alike = services.filter((service) => last(service.name) === last(name));
  return alike.length === 1 ? last(name) : null;
}

function subsetsOf(set: ManifestSet, service: PlannedService): readonly { name: string; labels: Labels }[] {
  return [...appliedRules(set, service).subsets.values()].map(({ subset }) => subset);
}

/** Pods are called by their version label where that is enough to tell workloads apart, as `v1-0`. */
function namePods(workloads: readonly Workload[]): PlannedPod[] {
  const prefixes = workloads.map(({ labels, name }) => labels.version || name);
  const isUnique = (prefix: string, all: readonly string[]) =>
    all.filter((other) => other === prefix).length === 1;
  const names = workloads.map(({ name, namespace }, index) => {
    const prefix = prefixes[index] ?? name;
    if (isUnique(prefix, prefixes)) return prefix;
    const others = workloads.map((workload) => workload.name);
    return isUnique(name, others) && !prefixes.includes(name) ? name : `${namespace}/${name}`;
  });
  return workloads.flatMap(({ namespace, labels, replicas, text }, group) =>
    Array.from({ length: replicas }, (_, index) => ({
      name: `${names[group]}-${index}`,
      namespace,
      labels,
      // 127.0.11.1, 127.0.11.2, … for the first workload, 127.0.12.1, … for the second.
      address: `127.${Math.floor(group / 240)}.${11 + (group % 240)}.${1 + index}`,
      text,
    })),
  );
}

function listed(services: readonly PlannedService[]): string {
  const names = services.slice(0, 8).map(({ name }) => printable(name));
  return names.join(', ') + (services.length > 8 ? ' and others' : '');
}
