/** Versions of Istio: as options give them, as manifests have them, and what holds in which. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { OptionError } from '../../../src/errors.js';
import { istioVersions, withIstio } from '../../../src/plan/gateways/find-istio.js';
import {
  areAlike,
  givenIstio,
  holdsInIstio,
  type IstioFact,
  nameIstio,
  notRead,
} from '../../../src/plan/gateways/istio-versions.js';
import { istioNotes } from '../../../src/plan/routes/istio-notes.js';
import { caseText } from '../../support/cases.js';
import { planFromFlags, said } from '../../support/flags.js';
import { readManifestTexts } from '../../support/manifests.js';

const MINORS = [0, 19, 20, 23, 24, 29, 30, 31, 32, 99];

test('each fact holds in these versions; outside of those that were read it is as in the nearest', () => {
  const holding = (fact: IstioFact) => MINORS.filter((minor) => holdsInIstio(fact, givenIstio(`1.${minor}`)));
  assert.deepEqual(holding('no default retry of 503'), [24, 29, 30, 31, 32, 99]);
  assert.deepEqual(holding('no backendRefs: 404'), [30]);
  assert.deepEqual(holding('DestinationRule before backend policy'), [31, 32, 99]);
  assert.deepEqual(holding('defaultTrafficPolicy'), [31, 32, 99]);
  assert.deepEqual(holding('outlierDetectionHttpErrorCodes'), [32, 99]);
  assert.equal(holdsInIstio('outlierDetectionHttpErrorCodes', undefined), true);
  assert.equal(holdsInIstio('no backendRefs: 404', undefined), false);
  const said = MINORS.map((minor) => notRead(givenIstio(`1.${minor}`)));
  assert.deepEqual(
    said.map((text) => text !== null),
    [true, true, false, false, false, false, false, false, false, true],
  );
  assert.match(
    said[1] ?? '',
    /^Istio 1\.19 is older than .* \(1\.20 to 1\.32\): what holds in 1\.20 is used\.$/,
  );
});

test('a version is 1.N or 1.N.N; anything else is refused, with the name of the option', async () => {
  fc.assert(
    fc.property(fc.nat(999), fc.option(fc.nat(999)), (minor, patch) => {
      const text = patch === null ? `1.${minor}` : `1.${minor}.${patch}`;
      assert.deepEqual(givenIstio(text), { minor, from: null });
    }),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      fc.pre(!/^1\.\d{1,3}(\.\d{1,3})?$/.test(text));
      assert.throws(() => givenIstio(text), OptionError);
    }),
  );
  for (const text of ['', '1', 'v1.30', '1.30.', '1.30.0-rc.1', '2.0', '1.1000', '1.30\n']) {
    assert.throws(
      () => givenIstio(text),
      (error) => error instanceof OptionError && /^--istio: '.*' is not a version of Istio/.test(said(error)),
    );
  }
  // Also without manifests, and before they are read.
  await assert.rejects(planFromFlags('http://127.0.0.1:1', { istio: '1.x' }), /^UserError: --istio: '1\.x'/);
  await assert.rejects(
    planFromFlags('http://127.0.0.1:1', { istio: '1.x', manifest: 'none.yaml' }),
    /--istio/,
  );
});

function deployment(name: string, images: readonly string[], labels = '{}'): string {
  const containers = images.map((image, i) => `{name: c${i}, image: '${image}'}`).join(', ');
  return `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}, labels: ${labels}}\nspec: {template: {metadata: {labels: {a: b}}, spec: {containers: [${containers}]}}}`;
}

async function found(...texts: string[]): Promise<string[]> {
  return istioVersions(await readManifestTexts(...texts)).map(nameIstio);
}

test('manifests tell it by the image of the control plane, of a gateway, or by the label of a gateway', async () => {
  const istiod = deployment('istiod', ['docker.io/istio/pilot:1.28.3@sha256:0123']);
  const gateway = deployment('gw', ['docker.io/istio/proxyv2:1.27.0-distroless']);
  assert.deepEqual(await found(gateway), [
    'Istio 1.27 (image docker.io/istio/proxyv2:1.27.0-distroless of Deployment default/gw)',
  ]);
  assert.deepEqual(await found(gateway, istiod), [
    'Istio 1.28 (image docker.io/istio/pilot:1.28.3@sha256:0123 of Deployment default/istiod)',
  ]);
  const version = {
    app: "{app.kubernetes.io/version: '1.26.1'}",
    own: "{operator.istio.io/version: '1.25.0'}",
  };
  assert.deepEqual(await found(deployment('gw', ['auto'], version.app)), [
    'Istio 1.26 (label app.kubernetes.io/version of Deployment default/gw)',
  ]);
  assert.deepEqual(await found(deployment('gw', ['auto'], version.own)), [
    'Istio 1.25 (label operator.istio.io/version of Deployment default/gw)',
  ]);
});

test('apps, sidecars, tags of somebody else and other images tell nothing', async () => {
  for (const text of [
    deployment('app', ['app:1.28.0'], "{app.kubernetes.io/version: '1.28.0'}"),
    deployment('app', ['app:1.0', 'istio/proxyv2:1.28.0']),
    deployment('gw', ['istio/proxyv2:latest']),
    deployment('gw', ['istio/proxyv2:1.2800']),
    deployment('gw', ['istio/proxyv2']),
    deployment('gw', ['my-proxyv2:1.28.0']),
    deployment('gw', ['auto'], "{app.kubernetes.io/version: '2.1'}"),
    deployment('gw', []),
  ]) {
    assert.deepEqual(await found(text), [], text);
  }
});

test('what is given wins; of several versions that differ none is used, and a note says so', async () => {
  const [old, older, recent] = ['1.28.0', '1.27.0', '1.32.0'].map((tag) =>
    deployment(`gw-${tag.replaceAll('.', '-')}`, [`istio/proxyv2:${tag}`]),
  ) as [string, string, string];
  const alike = await readManifestTexts(old, older);
  assert.equal(withIstio(alike, undefined).istio?.minor, 28);
  assert.equal(withIstio(alike, '1.30').istio?.minor, 30);
  assert.deepEqual(istioNotes(withIstio(alike, undefined), []), []);
  const set = await readManifestTexts(old, recent);
  assert.equal(areAlike(istioVersions(set)), false);
  assert.equal(withIstio(set, undefined).istio, undefined);
  assert.match(istioNotes(set, []).join(), /several versions of Istio: Istio 1\.28 .* Istio 1\.32 .*--istio/);
});

test('run: a rule without backends is answered with 404 by Istio 1.30 alone', async () => {
  const text = caseText('istio-versions');
  const why = async (flags: Record<string, string>, manifests = text) => {
    const plan = planFromFlags('http://127.0.0.1:1/none', { manifest: '-', ...flags }, manifests);
    return plan.then(
      () => assert.fail('there is nothing to expect'),
      (error: Error) => error.message.split(' Choose')[0],
    );
  };
  assert.match(
    (await why({})) ?? '',
    /rule 1.* has no backends: Istio 1\.30 \(image docker.io\/istio\/proxyv2:1\.30\.2-distroless of .*\) answers 404\.$/,
  );
  assert.match((await why({ istio: '1.31' })) ?? '', /has no backends: Istio 1\.31 answers 500\.$/);
  assert.match((await why({ istio: '1.29.6' })) ?? '', /has no backends: Istio 1\.29 answers 500\.$/);
  const unknown = text.replace('proxyv2:1.30.2-distroless', 'proxyv2:latest');
  assert.match((await why({}, unknown)) ?? '', /has no backends: Istio answers 500 \(1\.30: 404\)\.$/);
  const other = text.replace('gatewayClassName: istio', 'gatewayClassName: kong');
  assert.match((await why({}, other)) ?? '', /has no backends\.$/);
});

test('run: a version for a gateway that is not Istio is said to change nothing, and one that is not known to be', async () => {
  const notes = async (flags: Record<string, string>, className = 'istio') => {
    const text = caseText('istio-versions').replace(
      'gatewayClassName: istio',
      `gatewayClassName: ${className}`,
    );
    const plan = await planFromFlags('http://127.0.0.1:1/', { manifest: '-', ...flags }, text);
    return plan.notes.filter(({ code }) => code === 'gateway-version').map((note) => note.text);
  };
  assert.deepEqual(await notes({}), []);
  assert.deepEqual(await notes({ istio: '1.30' }), []);
  assert.match((await notes({ istio: '1.40' })).join(), /^Istio 1\.40 is newer than/);
  const alone = await planFromFlags('http://127.0.0.1:1/', { istio: '1.19' });
  assert.match(alone.notes.map(({ text }) => text).join(), /^Istio 1\.19 is older than/);
  assert.deepEqual(await notes({}, 'eg'), []);
  assert.match(
    (await notes({ istio: '1.30' }, 'eg')).join(),
    /1\.30, changes nothing: Gateway shop\/edge of class eg is Envoy Gateway/,
  );
});
