/** The shape of what the gateway reported, in the end of a saved run. */
import {
  type AdminEjection,
  type AdminWatched,
  type EventLog,
  type GatewayObservations,
  type LogEvent,
  MAX_ABSENCES,
  MAX_ADMINS,
  MAX_BEFORE,
  MAX_CLUSTERS,
  MAX_COUNTERS,
  MAX_EVENTS,
  type Span,
} from '../../blocks/gateway-observations.js';
import {
  bool,
  type Check,
  count,
  list,
  number,
  object,
  oneOf,
  orNull,
  recordOf,
  ShapeError,
  text,
} from './shape.js';

const ms = number(-1e15, 1e15);

const span: Check<Span> = (value, where) => {
  if (!Array.isArray(value) || value.length !== 2) throw new ShapeError(`${where} is not a pair`);
  return [ms(value[0], `${where}[0]`), ms(value[1], `${where}[1]`)];
};

/** What the gateway reported; see blocks/gateway-observations.ts. */
export const gatewayShape: Check<GatewayObservations> = object<GatewayObservations>({
  log: orNull(
    object<EventLog>({
      file: text,
      events: list(
        object<LogEvent>({
          atMs: ms,
          cluster: text,
          address: text,
          action: oneOf('eject', 'uneject'),
          type: text,
          sinceS: orNull(count),
        }),
        MAX_BEFORE + MAX_EVENTS,
      ),
      completeUntilMs: ms,
      remarks: list(text),
    }),
  ),
  admins: list(
    object<AdminWatched>({
      url: text,
      looks: count,
      absences: list(
        object<AdminEjection>({
          cluster: text,
          address: text,
          ejectedMs: orNull(span),
          unejectedMs: orNull(span),
          gone: bool,
        }),
        MAX_ABSENCES,
      ),
      counters: orNull(recordOf(recordOf(number(0, 2 ** 63), MAX_COUNTERS), MAX_CLUSTERS)),
      remarks: list(text),
    }),
    MAX_ADMINS,
  ),
});
