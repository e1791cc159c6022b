/** Which version of Istio manifests are for. */

import { printable } from '../../text/printable.js';
import type { Deployment, IstioVersion, ManifestSet } from '../manifests/model.js';
import { resourceLabel } from '../manifests/resource.js';
import { areAlike, givenIstio } from './istio-versions.js';

/** The image of a version. A tag that begins otherwise is one of somebody's own, and tells nothing. */
const IMAGE = /(?:^|\/)(pilot|proxyv2):1\.(\d{1,3})(?![\d])/;
const OWN_IMAGE = /(?:^|\/)(?:pilot|proxyv2)(?:[:@]|$)/;
const LABEL = /^1\.(\d{1,3})(?![\d])/;
/** Istio's chart of a gateway sets the first, `istioctl install` the second; the image is then `auto`. */
const VERSION_LABELS = ['app.kubernetes.io/version', 'operator.istio.io/version'] as const;

/** The manifests for the version that is given, else for the one that they have. @throws OptionError naming `istio` */
export function withIstio(set: ManifestSet, given: string | undefined): ManifestSet {
  if (given !== undefined) return { ...set, istio: givenIstio(given) };
  const [first, ...others] = istioVersions(set);
  return first === undefined || !areAlike([first, ...others]) ? set : { ...set, istio: first };
}

/**
 * The versions in the manifests, each once: those of control planes, which decide what a gateway is told to do, and if there
 * are none, those of gateways.
 */
export function istioVersions({ deployments }: Pick<ManifestSet, 'deployments'>): readonly IstioVersion[] {
  const planes = deployments.flatMap((one) => versionByImage(one, 'pilot'));
  const found = planes.length > 0 ? planes : deployments.flatMap(versionOfGateway);
  return [...new Map(found.map((version) => [version.minor, version])).values()];
}

/** Whether it is a gateway or a control plane of Istio, and no app. A sidecar stands beside an app's container, a gateway alone. */
export function isOfIstio({ images = [] }: Deployment): boolean {
  const [image, ...others] = images;
  return others.length === 0 && image !== undefined && (image === 'auto' || OWN_IMAGE.test(image));
}

function versionOfGateway(deployment: Deployment): readonly IstioVersion[] {
  const { images = [], versionLabels = {} } = deployment;
  if (!isOfIstio(deployment)) return [];
  const byImage = versionByImage(deployment, 'proxyv2');
  if (byImage.length > 0 || images[0] !== 'auto') return byImage;
  for (const label of VERSION_LABELS) {
    const minor = LABEL.exec(versionLabels[label] ?? '')?.[1];
    if (minor === undefined) continue;
    return [{ minor: Number(minor), from: `label ${label} of ${resourceLabel(deployment.ref)}` }];
  }
  return [];
}

function versionByImage({ ref, images = [] }: Deployment, wanted: 'pilot' | 'proxyv2'): IstioVersion[] {
  return images.flatMap((image) => {
    const [, name, minor] = IMAGE.exec(image) ?? [];
    if (name !== wanted) return [];
    return [{ minor: Number(minor), from: `image ${printable(image)} of ${resourceLabel(ref)}` }];
  });
}
