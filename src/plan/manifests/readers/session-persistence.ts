/** `sessionPersistence` of a rule or a policy. */
import type { Field } from '../fields.js';
import type { SessionPersistence } from '../model.js';

/** The name stands in `sessionName`, or in versions of the Gateway API after 1.6 in `cookie` or `header`. Null when absent. */
export function readSession(session: Field): SessionPersistence | null {
  if (!session.present) return null;
  const type = session.get('type').oneOf('Cookie', 'Header');
  const own = session.get(type === 'Cookie' ? 'cookie' : 'header').get('name');
  return { type, name: own.text() || session.get('sessionName').text() || null };
}
