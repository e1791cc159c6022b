/** The options for the gateway's own view of ejections. */
import { UserError } from '../../errors.js';
import { type Flags, many, one, value } from './flags.js';

export const GATEWAY_FLAGS = {
  'envoy-admin': value(
    "URL of Envoy's admin interface, e.g. http://localhost:15000, watched during the run; may be repeated, once for each replica",
    { sets: 'gateway.admins' },
  ),
  'envoy-event-log': value("Envoy's outlier event log, a file: compared with what the client saw", {
    sets: ['gateway.eventLog', 'eventLog'],
    reads: 'file',
  }),
};

export interface GatewayOptions {
  readonly admins: readonly string[];
  readonly eventLog: string | undefined;
}

/** @throws UserError naming the flag */
export function parseGateway(flags: Flags): GatewayOptions {
  const eventLog = one(flags, 'envoy-event-log');
  if (eventLog === '' || eventLog === '-') {
    throw new UserError(
      '--envoy-event-log: give the name of a file. Standard input cannot be read while the gateway writes to it.',
    );
  }
  return { admins: many(flags, 'envoy-admin'), eventLog };
}
