import { once } from 'node:events';
import type { Server } from 'node:net';
import { tooManyFiles, UserError } from '../../errors.js';

/** The lab serves this machine only. */
export const ADDRESS = '127.0.0.1';

/** Listens on loopback. @throws UserError naming the flag when the port is taken or not allowed */
export async function listenOn(server: Server, port: number, flag: string): Promise<void> {
  server.listen({ host: ADDRESS, port });
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const limit = tooManyFiles(error);
    if (limit !== null) throw new UserError(`The lab cannot open all its ports: ${limit}.`);
    const why = code === 'EADDRINUSE' ? 'is in use' : `cannot be listened on (${code})`;
    throw new UserError(
      `Port ${port} of ${ADDRESS} ${why}: give another one with ${flag} (0 for any free one).`,
    );
  }
}
