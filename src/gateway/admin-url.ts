/** Checks the URL of an admin interface. */
import { OptionError } from '../errors.js';
import { parseUrl } from '../plan/target/target.js';
import { printable } from '../text/printable.js';
import { maskBrokenUrl } from '../text/secrets.js';

/**
 * The base URL of an admin interface.
 *
 * @throws UserError if it is invalid
 */
export function adminUrl(text: string): string {
  let url: URL;
  try {
    url = parseUrl(text);
  } catch {
    throw new OptionError(
      (name) =>
        `${name('gateway.admins')}: '${printable(maskBrokenUrl(text))}' is not the URL of an admin interface. Write it as http://HOST:PORT, without user ` +
        'name and password, e.g. http://localhost:15000 behind kubectl port-forward.',
    );
  }
  if (url.search !== '' || url.hash !== '') {
    throw new OptionError(
      (name) =>
        `${name('gateway.admins')}: '${printable(maskBrokenUrl(text))}' has a query or a fragment. Give the base URL only, e.g. http://localhost:15000.`,
    );
  }
  return url.href.replace(/(?<!\/)\/+$/, '');
}
