/** Finds the Envoy binary. */
import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { UserError } from '../../errors.js';
import { packageRoot } from '../../io/package-root.js';

export interface FindEnvoyOptions {
  /** `--envoy-path` */
  readonly envoyPath?: string | null;
  readonly env?: NodeJS.ProcessEnv;
  /** Folder of this package; found by itself when absent. */
  readonly packageRoot?: string;
}

/**
 * Looks at `envoyPath`, the variable WEIGHBRIDGE_ENVOY_PATH, PATH, and the two folders that
 * `npm run get-envoy` fills: `.cache/envoy` in a clone, `weighbridge/envoy` in the user's cache otherwise. Relative
 * folders in PATH and XDG_CACHE_HOME are ignored: what is in the current folder must not be started by chance.
 *
 * @returns the path of an executable file
 * @throws UserError when a named file is not executable, or none is found
 */
export function findEnvoy(options: FindEnvoyOptions = {}): string {
  const env = options.env ?? process.env;
  for (const [source, path] of [
    ['--envoy-path', options.envoyPath],
    ['WEIGHBRIDGE_ENVOY_PATH', env.WEIGHBRIDGE_ENVOY_PATH],
  ] as const) {
    if (path) {
      if (!isExecutable(path)) {
        throw new UserError(`${source}: ${path} is not a program that can be started.`);
      }
      return path;
    }
  }
  const root = options.packageRoot ?? packageRoot();
  const { XDG_CACHE_HOME: xdg = '' } = env;
  const userCache = isAbsolute(xdg) ? xdg : join(env.HOME || homedir(), '.cache');
  const candidates = [
    ...(env.PATH ?? '')
      .split(delimiter)
      .filter(isAbsolute)
      .map((folder) => join(folder, 'envoy')),
    join(root, '.cache', 'envoy', 'envoy'),
    join(userCache, 'weighbridge', 'envoy', 'envoy'),
  ];
  const found = candidates.find(isExecutable);
  if (found === undefined) {
    const script = join(root, 'scripts', 'get-envoy.js');
    throw new UserError(
      `No Envoy was found in PATH or in the cache. Get one with: node ${script}\n(in a clone: npm run get-envoy), or name yours with --envoy-path or WEIGHBRIDGE_ENVOY_PATH.`,
    );
  }
  return found;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
