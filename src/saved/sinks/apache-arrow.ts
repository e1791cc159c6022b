/**
 * apache-arrow as the one file that it also comes as: 25 ms of CPU to load, where its two hundred modules take
 * 210. Names that are not its public interface are other ones there. Import this only where a run is saved.
 */
import { createRequire } from 'node:module';

export const arrow = createRequire(import.meta.url)(
  'apache-arrow/Arrow.esnext.min',
) as typeof import('apache-arrow');
