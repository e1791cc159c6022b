/** Self-signed certificates for the lab's HTTPS listeners. */
import { isIP } from 'node:net';

/** A certificate and its private key, as PEM texts. The certificate is its own authority. */
export interface Certificate {
  readonly certPem: string;
  readonly keyPem: string;
}

const DAY_MS = 24 * 3600 * 1000;

/**
 * Makes a self-signed certificate (ECDSA P-256, SHA-256) for these names. The library that does it is
 * loaded at the first call, so that a lab without TLS does not pay for it.
 *
 * @param options.names DNS names (`*.` allowed) and IP addresses of subjectAltName; at least one
 * @param options.notBefore a day ago by default, so that a slow clock does not matter
 * @param options.notAfter a year after `notBefore` by default
 * @throws RangeError without names
 */
export async function makeCertificate(options: {
  readonly names: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}): Promise<Certificate> {
  if (options.names.length === 0) throw new RangeError('a certificate needs at least one name');
  const { generate } = await import('selfsigned');
  const notBefore = options.notBefore ?? new Date(Date.now() - DAY_MS);
  const made = await generate([{ name: 'commonName', value: 'weighbridge lab' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: notBefore,
    notAfterDate: options.notAfter ?? new Date(notBefore.getTime() + 365 * DAY_MS),
    extensions: [
      // Strict clients trust a self-signed certificate as an authority only if it is marked as one.
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
      {
        name: 'subjectAltName',
        altNames: options.names.map((name) =>
          isIP(name) === 0 ? { type: 2, value: name } : { type: 7, ip: name },
        ),
      },
    ],
  });
  return { certPem: made.cert, keyPem: made.private };
}
