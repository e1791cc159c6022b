/** Explains to the user which rule was selected. */
import { printable } from '../../text/printable.js';
import type { MatchOrder } from '../gateways/match-order.js';
import { describeMatch, describeRule } from '../manifests/describe.js';
import type { NumberedRule } from './numbered-rules.js';
import { compareEntries, type Entry } from './precedence.js';
import { describeRequest, type GivenRequest, matches } from './request-match.js';

/** How a rule was selected. */
interface Selected {
  readonly entry: Entry;
  /** The other matches that the request meets, in order. */
  readonly beaten: readonly Entry[];
  /** By which the matches are in order. */
  readonly order: MatchOrder;
  /** Rules that were considered. */
  readonly rules: readonly NumberedRule[];
  readonly request: GivenRequest;
  /** Null: any. */
  readonly host: string | null;
  /** Whether the option `rule` was given. */
  readonly isWanted: boolean;
}

/** A sentence that says which rule was selected, why, and which rules it comes before. */
export function explainSelection({ entry, beaten, order, rules, request, host, isWanted }: Selected): string {
  const rule = `${describeRule(entry.route, entry.rule)} (${describeMatch(entry.match)})`;
  const where = printable(host ?? 'any host');
  if (isWanted) return `${rule} was chosen by --rule.`;
  if (rules.length === 1) return `${rule} is the only rule for ${where}.`;
  const others = beaten.filter((other) => other.rule !== entry.rule);
  const over = others
    .slice(0, 3)
    .map(
      (other) =>
        `${describeRule(other.route, other.rule)} (${describeMatch(other.match)}; ${compareEntries(entry, other, order).why})`,
    );
  const sent = describeRequest(request);
  const more = others.length > over.length ? ` and ${others.length - over.length} more` : '';
  const won = over.length === 0 ? '' : ` It comes before ${over.join(' and ')}${more}.`;
  const choice = request.path === null ? ' Another rule can be chosen with --rule N|NAME.' : '';
  if (
    beaten.length === 0 &&
    !matches(entry.match, {
      ...request,
      host: request.host ?? host,
      scheme: request.connect?.scheme ?? null,
      path: request.path ?? '/',
      headers: [...request.headers, ...(request.defaults ?? [])],
      mayAdd: false,
    })
  ) {
    return `${rule} is the only rule for ${where} that can be meant.${choice}`;
  }
  return `${rule} answers ${sent} for ${where}.${won}${choice}`;
}
