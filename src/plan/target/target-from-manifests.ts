/** Completes the target from the manifests: where to send requests, and what. */
import { OptionError, UserError } from '../../errors.js';
import { printable } from '../../text/printable.js';
import { describeRule } from '../manifests/describe.js';
import type { ManifestSet, RouteMatch } from '../manifests/model.js';
import { resourceLabel } from '../manifests/resource.js';
import type { Note } from '../plan.js';
import { bareHost, covers } from '../routes/hostnames.js';
import { findListener, type ReachedAt } from '../routes/listener.js';
import {
  describeRequest,
  type GivenRequest,
  pathMatches,
  type RequestLine,
} from '../routes/request-match.js';
import type { Selection } from '../routes/select-rule.js';
import { winningRules } from '../routes/winning-rules.js';
import { addQuery, deriveHeaders, deriveMethod } from './match-values.js';
import { NOWHERE } from './target.js';

/** What the options say; null for what comes from the manifests. */
export interface GivenTarget extends GivenRequest {
  /** From the URL; null if there is none. */
  readonly connect: {
    readonly scheme: 'http' | 'https';
    readonly address: string;
    readonly port: number;
  } | null;
  /** False: nothing is sent, so that a Gateway without address will do. Absent: true. */
  readonly needsAddress?: boolean;
}

export interface DerivedTarget {
  readonly scheme: 'http' | 'https';
  /** IP addresses (IPv6 without brackets) or names to connect to, at least one. */
  readonly addresses: readonly string[];
  readonly port: number;
  /** Value of the Host header; null if the routes accept any, so that the URL's is used. */
  readonly host: string | null;
  /** Path and query. */
  readonly path: string;
  readonly method: string;
  /** Headers that the rule requires besides the given ones. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** What was derived from where. */
  readonly notes: readonly Note[];
}

/**
 * Completes the target of a selected rule: address, scheme and port from its Gateway, Host from its
 * hostnames, path, method, headers and query from its match.
 *
 * @throws UserError that names the option to give for what cannot be derived
 */
export function deriveTarget(set: ManifestSet, selection: Selection, given: GivenTarget): DerivedTarget {
  const notes: Note[] = [];
  const listener = given.connect === null ? listenerOf(set, selection, given) : null;
  if (listener !== null) notes.push(...listener.notes);
  const { connect: url } = given;
  const connect =
    url === null ? (listener as NonNullable<typeof listener>) : { ...url, addresses: [url.address] };
  const host = deriveHost(selection, given, listener?.hostname ?? null, notes);
  const match = selection.match;
  const path = addQuery(match, derivePath(match, given.path, notes));
  const headers = deriveHeaders(match, given);
  const isGrpc = selection.route.dialect.protocol === 'grpc';
  const method = given.method ?? match?.method ?? deriveMethod(match) ?? (isGrpc ? 'POST' : 'GET');
  if (isGrpc) {
    const text = `${describeRule(selection.route, selection.rule)} is for gRPC. The gateway routes the plain ${method} requests of a run, but a gRPC backend refuses them.`;
    notes.push({ code: 'grpc-route', text });
  }
  const sent = {
    path,
    method,
    headers: [...given.headers, ...headers, ...defaultsBeside(given, headers)],
    host: host ?? (connect.addresses[0] as string),
    scheme: connect.scheme,
    mayAdd: false,
    secrets: given.secrets,
    connect: given.connect,
  };
  checkWinner(set, selection, sent.host, sent, notes);
  const { scheme, addresses, port } = connect;
  return { scheme, addresses, port, host, path, method, headers, notes };
}

function listenerOf(
  set: ManifestSet,
  { route, host }: Selection,
  { needsAddress = true }: GivenTarget,
): ReachedAt {
  const found = findListener(set, route, host);
  if (!(found instanceof UserError)) return found;
  if (needsAddress) throw found;
  return { scheme: 'http', addresses: [new URL(NOWHERE).hostname], port: 80, hostname: null, notes: [] };
}

/** The default headers that the rule's do not replace. */
function defaultsBeside({ defaults = [] }: GivenTarget, headers: RequestLine['headers']) {
  return defaults.filter(([name]) => headers.every(([other]) => other !== name));
}

/** The Host that the routes require; null if they accept any. */
function deriveHost(
  { host, route, match }: Selection,
  given: GivenTarget,
  listenerHost: string | null,
  notes: Note[],
): string | null {
  if (given.host !== null) return given.host;
  const asked = match?.headers.find(({ name }) => name === ':authority');
  const note = (from: string) => notes.push({ code: 'derived-host', text: `Host ${from}.` });
  if (asked?.type === 'Exact' && (host === null || covers(host, bareHost(asked.value)))) {
    note(`${printable(asked.value)} is from the rule's match`);
    return asked.value;
  }
  if (host !== null && !host.startsWith('*')) {
    const count = route.hostnames.length;
    const which =
      count > 1 ? `, the ${host === route.hostnames[0] ? 'first' : 'only one to send'} of ${count}` : '';
    const from = route.hostnames.includes(host) ? '' : 'the listener of ';
    note(`${printable(host)} is from ${from}${resourceLabel(route.ref)}${from === '' ? which : ''}`);
    return host;
  }
  if (
    listenerHost !== null &&
    !listenerHost.startsWith('*') &&
    (host === null || covers(host, listenerHost))
  ) {
    note(`${printable(listenerHost)} is from the listener of ${resourceLabel(route.ref)}`);
    return listenerHost;
  }
  const wildcard = host ?? listenerHost;
  if (wildcard === null) return null;
  throw new OptionError(
    (name) =>
      `The hostname ${printable(wildcard)} is a wildcard: say which host to ask for with ${name('host')}.`,
  );
}

function derivePath(match: RouteMatch | null, given: string | null, notes: Note[]): string {
  if (given !== null) return given;
  const path = match?.path ?? null;
  if (path === null || pathMatches(path, '/')) return '/';
  if (path.type === 'RegularExpression') {
    throw new UserError(
      `The rule's path is the regular expression ${printable(path.value)}: give a path that it matches in the URL (http://ADDRESS/PATH).`,
    );
  }
  if (!path.value.startsWith('/')) {
    throw new UserError(
      `The rule's path ${printable(path.value)} does not begin with /: give the path in the URL (http://ADDRESS/PATH).`,
    );
  }
  notes.push({ code: 'derived-path', text: `Path ${printable(path.value)} is from the rule's match.` });
  return path.value;
}

/** Adds a note if another rule than the selected one answers the request. */
function checkWinner(
  set: ManifestSet,
  selection: Selection,
  host: string,
  request: RequestLine & Pick<GivenRequest, 'path' | 'secrets' | 'connect'>,
  notes: Note[],
): void {
  const winners = winningRules(set, selection.route, host, request);
  if (winners.some(({ rule }) => rule === selection.rule)) return;
  const winner = winners[0] ?? null;
  if (winner === null && selection.match !== null && selection.match.other.length > 0) return;
  const sent = describeRequest(request, 200);
  const who = winner === null ? 'no rule' : describeRule(winner.route, winner.rule);
  const text = `${sent} for ${printable(host)} is answered by ${who}, not by ${describeRule(selection.route, selection.rule)}.`;
  notes.push({ code: 'other-rule-answers', text });
}
