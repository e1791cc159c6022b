/** Responses that both drivers of HTTP/1.1 are given (test/probes/http1/). */
import { BODY_RESPONSES } from './bodies.js';
import { EXCHANGE_RESPONSES } from './exchanges.js';
import { HEAD_RESPONSES } from './heads.js';
import type { ResponseCase } from './response.js';

export const RESPONSES: readonly ResponseCase[] = [
  ...HEAD_RESPONSES,
  ...BODY_RESPONSES,
  ...EXCHANGE_RESPONSES,
];
