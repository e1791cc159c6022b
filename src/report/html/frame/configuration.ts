/** Where requests went and what they were, for the configuration of a page. */
import type { TargetResult } from '../../../analysis/result.js';
import { html, type Part } from './markup.js';

export type Entry = readonly [term: string, text: Part];

export function targetEntries({
  method,
  url,
  path,
  host,
  sni,
  protocol,
  tlsVerified,
  addresses,
  headers,
}: TargetResult): Entry[] {
  return [
    ['Request', `${method} ${url}`],
    ['Path', path],
    ['Host', host],
    ['SNI', sni ?? 'none'],
    ['Protocol', protocol],
    [
      'TLS',
      tlsVerified === null ? 'none' : tlsVerified ? 'certificate verified' : 'certificate NOT verified (-k)',
    ],
    ['Addresses', addresses.length === 0 ? 'nothing connected' : addresses.join(', ')],
    [
      'Headers',
      headers.length === 0
        ? 'none'
        : headers.map(([name, value]) => html`<p><code>${name}: ${value}</code></p>`),
    ],
  ];
}
