/** What `weighbridge instrument` does: changed manifests on standard output. */
import { deleteCommand } from '../../instrument/endpoint-filters.js';
import { type Instrumented, instrument } from '../../instrument/instrument.js';
import { type Undone, undo } from '../../instrument/undo.js';
import { readStdin } from '../../io/stdin.js';
import { ENDPOINT_HEADER, VERSION_HEADER } from '../../plan/labels/instrument-headers.js';
import { readSources } from '../../plan/manifests/sources.js';
import { counted } from '../../text/numbers.js';
import { complain } from '../complain.js';
import type { InstrumentOptions } from '../options/instrument.js';
import { refuseConflicts } from '../outputs/conflicts.js';

/**
 * Prints the changed manifests on standard output, and on standard error what was changed and what to do next.
 *
 * @throws UserError for manifests that cannot be read
 */
export async function instrumentAction(options: InstrumentOptions): Promise<void> {
  await refuseConflicts(options.inputs, []);
  const sources = await readSources(options.manifests, readStdin);
  const result = options.undo
    ? undone(undo(sources))
    : instrumented(instrument(sources, { endpoints: options.endpoints, force: options.force }));
  process.stdout.write(result.text);
  for (const line of result.lines) complain(line);
}

interface Printed {
  readonly text: string;
  readonly lines: readonly string[];
}

function instrumented({ text, added, present, filters, presentFilters, notes }: Instrumented): Printed {
  const lines = [...added].map(
    ([route, n]) => `${route}: ${counted(n, 'backend')} with the response header ${VERSION_HEADER}`,
  );
  if (present > 0) lines.push(`${counted(present, 'backend')} already had it`);
  for (const filter of filters) {
    lines.push(
      `EnvoyFilter ${filter.name} for ${filter.gateway}: every client then sees pod addresses, in ${ENDPOINT_HEADER} (--no-endpoints does not add it)`,
    );
  }
  for (const { name } of presentFilters) {
    lines.push(`EnvoyFilter ${name} already exists: every client sees pod addresses, in ${ENDPOINT_HEADER}`);
  }
  lines.push(...notes);
  const all = [...presentFilters, ...filters];
  const endpoint = all.length > 0 ? ` --endpoint-from header:${ENDPOINT_HEADER}` : '';
  lines.push(
    `Once it is applied: weighbridge run … --version-from header:${VERSION_HEADER}${endpoint} (detected by default too)`,
  );
  if (added.size + present + all.length > 0) {
    lines.push('To undo it: weighbridge instrument --undo -f … | kubectl apply -f -');
  }
  for (const filter of all) lines.push(`and: ${deleteCommand(filter)}`);
  return { text, lines };
}

function undone({ text, removed, left, filters, deletions }: Undone): Printed {
  const lines = [...removed].map(
    ([route, n]) => `${route}: ${counted(n, 'backend')} without the response header ${VERSION_HEADER}`,
  );
  if (removed.size === 0 && left.length === 0)
    lines.push(`No backend has the response header ${VERSION_HEADER}.`);
  lines.push(...left);
  if (filters > 0) lines.push(`${counted(filters, 'EnvoyFilter')} removed`);
  for (const command of deletions) lines.push(`An EnvoyFilter that was applied stays until: ${command}`);
  return { text, lines };
}
