// Measures a case: its clients take turns, each round in another order, so that what the machine does besides meets all of them.
import { withCores } from './machine.js';
import { client } from './processes.js';

const CONNECTIONS = 64;
/** In the runs that say what start-up costs. */
const FEW = 100;

/** How many requests a client sends, or for how long, so that slow ones take no more time than others. */
function loadOf({ share = 1 }, { load, startUp = false }, scale) {
  if (load.rate !== undefined)
    return { ...load, seconds: Math.max(2, Math.round(load.seconds * scale.time)) };
  if (startUp) return load;
  const part = scale.size * share;
  return { ...load, requests: Math.round(load.requests * part), seconds: load.seconds * part };
}

/**
 * Runs a client, with the words of its `closed` or `open`.
 * @returns what it took, and how many good responses it had
 */
export async function runClient({ command, completed, more = () => ({}) }, words) {
  const { out, err, code, ...taken } = await client([...command, ...words].map(String));
  try {
    return { ...taken, completed: completed(out), ...more(out) };
  } catch {
    throw new Error(`no report (exit code ${code}): ${err.slice(0, 300)} ${out.slice(-300)}`);
  }
}

/** What a short run of a client takes: start-up, and little else. Nothing is known of clients that cannot count requests. */
async function startUpOf(tool, load) {
  if (tool.byTime) return { cpuUs: 0, wallUs: 0, completed: 0 };
  return runClient(tool, tool.closed({ ...load, requests: FEW }));
}

/**
 * @returns what one run took: `cpuUs`, `wallUs`, `maxRssKiB`, `completed`, `serverCores`, `othersCores`; in an open loop also
 * `lateness`, in a closed loop what start-up takes of it (`startUp`)
 */
async function measure(tool, server, kase, scale) {
  const load = { ...loadOf(tool, kase, scale), connections: CONNECTIONS };
  const { rate, seconds, requests } = load;
  const open = rate !== undefined;
  const aimed = { ...load, url: server.url(load) };
  const words = (open ? tool.open : tool.closed)(aimed);
  const startUp = open || kase.startUp ? undefined : await startUpOf(tool, aimed);
  if (open) await server.reset();
  const taken = await withCores(server.pid, () => runClient(tool, words));
  // hey sends a multiple of its connections.
  const least = open || tool.byTime ? 1 : requests / 2;
  if (taken.completed < least) throw new Error(`only ${taken.completed} good responses`);
  const lateness = open ? (await server.lateness(rate, rate * seconds)).all : undefined;
  return { ...taken, startUp, lateness };
}

/**
 * @param server of `startFullServer`, or the recorder for an open loop
 * @param scale how much of the load: `{ rounds, size, time }`
 * @param failed is told of a client that could not do it; it is left out from then on. The first may not fail
 * @returns what each client's runs took, by its name, in the order of the clients
 */
export async function rounds(kase, clients, server, scale, failed) {
  const results = new Map(clients.map(({ name }) => [name, []]));
  const able = () => clients.filter(({ name }) => results.has(name));
  for (let round = 0; round < (kase.rounds ?? scale.rounds); round += 1) {
    const turn = able();
    for (let i = 0; i < turn.length; i += 1) {
      const tool = turn[(round + i) % turn.length];
      try {
        results.get(tool.name).push(await measure(tool, server, kase, scale));
      } catch (error) {
        if (tool === clients[0]) throw error;
        results.delete(tool.name);
        failed(tool, error);
      }
    }
  }
  return results;
}
