/**
 * Loads apache-arrow from its bundle of one file, which takes 25 ms of CPU; its two hundred modules take 210 ms. In the
 * bundle, names that are not public are shortened. Import this file only where a run is saved.
 */
import { createRequire } from 'node:module';

/** The public interface of apache-arrow. */
export const arrow = createRequire(import.meta.url)(
  'apache-arrow/Arrow.esnext.min',
) as typeof import('apache-arrow');
