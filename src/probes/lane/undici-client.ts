/**
 * undici's Client and connector, and nothing else of it: its main module also loads fetch, WebSocket, caches
 * and more, which costs each thread some 100 ms of CPU and 8 MB of memory (measured on 7.30). The package
 * has no `exports` map and its version is pinned exactly, so that these paths hold.
 */
import { createRequire } from 'node:module';
import type { buildConnector as BuildConnector, Client as UndiciClient } from 'undici';

const require = createRequire(import.meta.url);

export const Client = require('undici/lib/dispatcher/client.js') as typeof UndiciClient;
export const buildConnector = require('undici/lib/core/connect.js') as typeof BuildConnector;
