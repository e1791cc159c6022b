/** The pods of the lab: those of the manifests' Deployments, or some for each Service. */
import type { Deployment, ManifestSet } from '../../plan/manifests/model.js';
import { appliedRules } from '../../plan/policy/destination-rules.js';
import { printable } from '../../text/printable.js';
import { labRules } from './lab-client.js';
import { type Labels, type PlannedService, selects } from './planned-services.js';
import type { LabPod } from './topology.js';

/** A pod before it listens: the port is known afterwards. */
export type PlannedPod = Omit<LabPod, 'port'>;

const FIRST_VERSION_PODS = 3;
const OTHER_VERSION_PODS = 2;

/** Pods that are alike: what a Deployment would make. */
export interface Workload {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly replicas: number;
  readonly text: string;
}

export function fromDeployment({ ref, replicas, podLabels, args }: Deployment): Workload {
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

/** A workload per service or, where routes use subsets of it, per subset. */
export function makeWorkloads(
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
  // A service that selects another's pods as well (`backend` over `backend-v1`) needs no other pods.
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
  return [...appliedRules(labRules(set), service).subsets.values()].map(({ subset }) => subset);
}

/** Pods are named by their version label where that is unique, as `v1-0`, else by their workload. */
export function namePods(workloads: readonly Workload[]): PlannedPod[] {
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
