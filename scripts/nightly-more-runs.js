// Preloaded (`node --import`): replaces the fast-check that tests import by nightly-fast-check.js.
import { register } from 'node:module';

const ours = JSON.stringify(new URL('./nightly-fast-check.js', import.meta.url).href);
const hooks = `export function resolve(specifier, context, next) {
  if (specifier !== 'fast-check' || context.parentURL === ${ours}) return next(specifier, context);
  return { url: ${ours}, shortCircuit: true };
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
