/** Outcomes for the errors that vegeta reports for requests without a response. They are those of Go's net/http. */
import type { OutcomeName } from '../../blocks/outcome.js';

/** Characters of an error that are looked at: its words stand at the beginning, after the URL. */
const MAX_ERROR_LENGTH = 4096;

/** The first pattern that fits decides; the more specific ones come first. */
const BY_TEXT: readonly (readonly [text: RegExp, outcome: OutcomeName])[] = [
  [/no targets to attack|bad target|bad method|bad header|bad body/, 'not-sent'],
  [/connection refused|actively refused/, 'refused'],
  [/no such host|server misbehaving|lookup .*: (?:no answer|i\/o timeout)/, 'dns'],
  [/TLS handshake timeout|x509: |tls: |server gave HTTP response to HTTPS client/, 'tls'],
  [
    /no route to host|network is unreachable|cannot assign requested address|address already in use/,
    'unreachable',
  ],
  [/dial (?:tcp|unix) .*(?:i\/o timeout|deadline exceeded|operation timed out)/, 'connect-timeout'],
  [/Client\.Timeout|context deadline exceeded|i\/o timeout|operation timed out|timeout awaiting/, 'timeout'],
  [/stream error: .*REFUSED_STREAM/, 'refused-stream'],
  [/connection reset by peer|broken pipe|stream error: |forcibly closed/, 'reset'],
  [
    /malformed |bad Content-Length|invalid (?:header|byte in chunk)|http2: (?:invalid|frame)|PROTOCOL_ERROR/,
    'malformed',
  ],
  [/header.* too (?:large|long)|headers exceeded|line too long/, 'too-large'],
  [/unexpected EOF|body closed/, 'truncated'],
  [/EOF|server closed (?:idle )?connection|GOAWAY|use of closed network connection/, 'closed'],
];

/**
 * The outcome of a result without a status.
 *
 * @param text its `error`
 */
export function outcomeOfError(text: string): OutcomeName {
  // The URL is skipped, since it may contain any words: `Get "http://…": dial tcp …`
  const said = text.slice(0, MAX_ERROR_LENGTH).replace(/^\w+ "(?:[^"\\]|\\.)*": /, '');
  return BY_TEXT.find(([known]) => known.test(said))?.[1] ?? 'other';
}
