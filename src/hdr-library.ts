/** hdr-histogram-js, loaded when a histogram is written or read: most runs do neither, and it has 46 files. */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

export function hdrLibrary(): typeof import('hdr-histogram-js') {
  return require('hdr-histogram-js') as typeof import('hdr-histogram-js');
}
