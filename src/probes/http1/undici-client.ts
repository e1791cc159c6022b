/**
 * undici's Client without the rest of undici. Its main module also loads fetch, WebSocket, caches and more, which
 * costs each thread about 100 ms of CPU and 8 MB of memory (measured on 7.30). The package has no `exports` map
 * and its version is pinned exactly, so that this path is stable.
 */
import { createRequire } from 'node:module';
import type { Client as UndiciClient } from 'undici';

const require = createRequire(import.meta.url);

export const Client = require('undici/lib/dispatcher/client.js') as typeof UndiciClient;
