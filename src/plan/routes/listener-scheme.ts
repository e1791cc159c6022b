/** How a listener takes requests. */

/** `http` or `https`; null for a protocol that carries no HTTP, or TLS that the gateway passes on. Routes attach to the others. */
export function schemeOf(protocol: string): 'http' | 'https' | null {
  const upper = protocol.toUpperCase();
  if (upper === 'HTTPS') return 'https';
  return ['HTTP', 'HTTP2', 'GRPC', 'GRPC-WEB'].includes(upper) ? 'http' : null;
}
