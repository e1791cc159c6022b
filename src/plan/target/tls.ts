/** TLS settings of a target. */
import { contradiction, OptionError } from '../../errors.js';
import { maskUrl } from '../../text/secrets.js';
import type { Target, TlsPlan } from '../plan.js';
import type { PlanOptions, TargetOptions } from '../plan-options.js';

/**
 * The settings with their defaults.
 *
 * @throws OptionError for settings that exclude each other or are incomplete
 */
export function makeTls({ ca, cert, key, verify = true }: NonNullable<TargetOptions['tls']> = {}): TlsPlan {
  if (!verify && ca !== undefined) {
    throw contradiction('tls.verify', 'tls.ca', 'without verification no authority is asked');
  }
  if ((cert === undefined) !== (key === undefined)) {
    throw new OptionError((name) => `${name('tls.cert')} and ${name('tls.key')} belong together: give both.`);
  }
  return { verify, ca: ca ?? null, cert: cert ?? null, key: key ?? null };
}

/** @throws OptionError for TLS settings of a target that has no TLS */
export function checkTlsUsed(
  { scheme, url }: Target,
  { sni, tls = {}, secretHeaders }: TargetOptions & Pick<PlanOptions, 'secretHeaders'>,
): void {
  if (scheme === 'https') return;
  const settings: Readonly<Record<string, boolean>> = {
    sni: sni !== undefined,
    'tls.ca': tls.ca !== undefined,
    'tls.cert': tls.cert !== undefined,
    'tls.key': tls.key !== undefined,
    'tls.verify': tls.verify === false,
  };
  const option = Object.keys(settings).find((key) => settings[key]);
  if (option === undefined) return;
  throw new OptionError(
    (name) => `${name(option)} is about TLS, but ${maskUrl(url, secretHeaders)} is plain HTTP: use https://.`,
  );
}
