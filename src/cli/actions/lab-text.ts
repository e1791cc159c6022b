/** The text that `weighbridge lab` prints when it has started. */
import { relative } from 'node:path';
import { packageRoot } from '../../io/package-root.js';
import { POD_HEADER } from '../../lab/backends/backends.js';
import type { Lab } from '../../lab/lab.js';
import type { ManifestSet } from '../../plan/manifests/model.js';
import { ServedRoutes } from '../../plan/routes/served-routes.js';
import { printable } from '../../text/printable.js';
import { quote } from '../shell-command.js';

export interface LabTextOptions {
  /** Manifests as given; empty for the samples. */
  readonly files: readonly string[];
  /** Where the certificate was written; null without HTTPS. */
  readonly caFile: string | null;
  readonly envoy: boolean;
  /** Backends add their pod's name to responses. */
  readonly tellEndpoint: boolean;
}

/** Text with a newline at its end. */
export function describeLab(lab: Lab, manifests: ManifestSet, options: LabTextOptions): string {
  const pods = new Set(lab.topology.services.flatMap((service) => service.pods.map(({ name }) => name)));
  const kind = options.envoy ? 'a real Envoy' : 'the embedded gateway';
  return [
    `weighbridge lab: ${kind} in front of ${pods.size} pods, on this machine only. Ctrl-C stops it.`,
    '',
    ...lab.listeners.map(({ url, gateway, port }) => `  ${url}  Gateway ${printable(gateway)} port ${port}`),
    `  ${lab.urls.control}  control endpoint`,
    ...(lab.adminUrl === null ? [] : [`  ${lab.adminUrl}  Envoy's admin interface`]),
    ...(lab.outlierLog === null ? [] : [`  ${printable(lab.outlierLog, 400)}  Envoy's outlier events`]),
    '',
    ...lab.topology.services.map(({ name, pods: ofService }) => {
      const listed = ofService.slice(0, 8).map((pod) => `${pod.name} ${pod.address}:${pod.port}`);
      const more = ofService.length > 8 ? ', …' : '';
      return `  ${printable(name)}: ${printable(listed.join(', '), 400) || 'no pods'}${more}`;
    }),
    ...section('Values that no manifest sets:', lab.defaults),
    ...section('Good to know:', [...lab.notes, ...manifests.skipped]),
    '',
    'Try:',
    ...tries(lab, manifests, options).map((line) => `  ${line}`),
    '',
    `Seed: ${lab.seed}`,
    '',
  ].join('\n');
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  - ${printable(line, 400)}`)];
}

function tries(lab: Lab, manifests: ManifestSet, { files, caFile, tellEndpoint }: LabTextOptions): string[] {
  const host = exampleHost(manifests);
  const hostFlags = host === null ? '' : ` --host ${quote(host)}`;
  const given = (files.length > 0 ? files : [samplesFile('httproute-90-10.yaml')]).filter(
    (file) => file !== '-',
  );
  const manifestFlags = given.map((file) => ` -f ${quote(file)}`).join('');
  const endpointFlag = tellEndpoint ? ` --endpoint-from header:${POD_HEADER}` : '';
  const { http, https, control } = lab.urls;
  const lines: string[] = [];
  if (http !== null && !redirectsToHttps(lab, manifests)) {
    lines.push(`curl${host === null ? '' : ` -H ${quote(`Host: ${host}`)}`} ${http}/`);
    const log = lab.outlierLog === null ? '' : ` --envoy-event-log ${quote(lab.outlierLog)}`;
    lines.push(`weighbridge run ${http}${hostFlags}${manifestFlags}${endpointFlag}${log}`);
  }
  if (https !== null && caFile !== null) {
    const { port } = new URL(https);
    const name = host ?? 'localhost';
    lines.push(
      `curl --cacert ${quote(caFile)} --resolve ${quote(`${name}:${port}:127.0.0.1`)} ${quote(`https://${name}:${port}/`)}`,
    );
    lines.push(
      `weighbridge run ${https}${hostFlags} --cacert ${quote(caFile)}${manifestFlags}${endpointFlag}`,
    );
  }
  const pod = lab.topology.services.flatMap((service) => service.pods).at(-1);
  if (pod !== undefined) {
    const body = JSON.stringify({ fault: `${pod.name}:status=503,for=10s` });
    lines.push(`curl -d ${quote(body)} ${control}/faults`);
  }
  lines.push(`curl ${control}/state`);
  return lines;
}

/** Whether the first plain port of the lab answers with redirects only. */
function redirectsToHttps(lab: Lab, { gateways }: ManifestSet): boolean {
  const first = lab.listeners.find(({ url }) => url === lab.urls.http);
  const listeners = gateways
    .filter(({ ref }) => `${ref.namespace}/${ref.name}` === first?.gateway)
    .flatMap((gateway) => gateway.listeners.filter(({ port }) => port === first?.port));
  return listeners.length > 0 && listeners.every((listener) => listener.redirectsToHttps);
}

/** The first host that routes are served for, by their own hostnames or the listener's; null for any. */
function exampleHost(manifests: ManifestSet): string | null {
  const hostname = new ServedRoutes(manifests, null).hosts().find((host) => host !== '*');
  return hostname === undefined ? null : printable(hostname.replace(/^\*\./, 'any.'));
}

function samplesFile(name: string): string {
  return relative(process.cwd(), `${packageRoot()}/samples/${name}`);
}
