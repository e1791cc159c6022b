/** `backendRefs` and `filters` of routes of the Gateway API. */

import { printable } from '../../../text/printable.js';
import { describeCopies } from '../describe.js';
import type { Field } from '../fields.js';
import type { Backend, HeaderModifier, Mirror, OwnReply, ResourceRef, RuleFilter } from '../model.js';
import type { SetBuilder } from '../resource.js';
import { nameBackends, type UnnamedBackend } from './backend-names.js';
import { headerName, headerValue, objectName, optionalName } from './checks.js';
import { readRedirectFilter } from './own-reply.js';

/** Gateway API's bound of a backendRef's weight. */
const MAX_WEIGHT = 1_000_000;
const MAX_PORT = 65_535;

/** What a rule's or a backendRef's filters do, as far as it matters to responses. */
export interface Filters {
  readonly requestHeaders: HeaderModifier | null;
  readonly responseHeaders: HeaderModifier | null;
  readonly mirrors: readonly Omit<Mirror, 'name'>[];
  readonly answersItself: string | null;
  readonly reply: OwnReply | null;
  /** Those that are no header modifiers. */
  readonly others: readonly RuleFilter[];
}

/** A rule's backendRefs, of any group and kind, under names of their own. An unset weight is 1. */
export function readBackends(rule: Field, ref: ResourceRef, set: SetBuilder): Backend[] {
  const backends = rule
    .get('backendRefs')
    .items()
    .map((item) => {
      const { requestHeaders, responseHeaders, others } = readFilters(item, ref, set);
      const backend = { ...readBackendRef(item, ref), requestHeaders, responseHeaders };
      return others.length === 0 ? backend : { ...backend, filters: others };
    });
  return nameBackends(backends);
}

function readBackendRef(item: Field, ref: ResourceRef): UnnamedBackend {
  return {
    refName: objectName(item.get('name')),
    group: item.get('group').text() ?? '',
    kind: optionalName(item.get('kind')) ?? 'Service',
    namespace: optionalName(item.get('namespace')) ?? ref.namespace,
    port: item.get('port').whole(1, MAX_PORT),
    subset: null,
    host: null,
    weight: item.get('weight').whole(0, MAX_WEIGHT) ?? 1,
    requestHeaders: null,
    responseHeaders: null,
  };
}

/**
 * Reads `filters`. Those that change only the request on its way (URLRewrite, CORS) are passed over; those
 * that are not known, and may do anything, are named among what was skipped.
 */
export function readFilters(owner: Field, ref: ResourceRef, set: SetBuilder): Filters {
  const filters = {
    requestHeaders: null as HeaderModifier | null,
    responseHeaders: null as HeaderModifier | null,
    mirrors: [] as Omit<Mirror, 'name'>[],
    answersItself: null as string | null,
    reply: null as OwnReply | null,
    others: [] as RuleFilter[],
  };
  for (const filter of owner.get('filters').items()) {
    const type = filter.get('type').requiredText();
    if (!type.endsWith('HeaderModifier')) filters.others.push({ type, detail: detailOf(filter, type) });
    if (type === 'RequestHeaderModifier') {
      filters.requestHeaders = readModifier(filter.get('requestHeaderModifier'));
    } else if (type === 'ResponseHeaderModifier') {
      filters.responseHeaders = readModifier(filter.get('responseHeaderModifier'));
    } else if (type === 'RequestMirror') {
      const mirror = filter.get('requestMirror');
      filters.mirrors.push({
        ...readBackendRef(mirror.get('backendRef'), ref),
        percent: mirroredPercent(mirror),
      });
    } else if (type === 'RequestRedirect') {
      filters.answersItself = type;
      filters.reply = readRedirectFilter(filter.get('requestRedirect'));
    } else if (type !== 'URLRewrite' && type !== 'CORS') {
      set.skipped.push(`${filter.place}: ${filter.path}: a filter of type ${printable(type)} is not read`);
    }
  }
  return filters;
}

/** Which backend or extension a filter names; null: none. */
function detailOf(filter: Field, type: string): string | null {
  if (type === 'RequestMirror') {
    const mirror = filter.get('requestMirror');
    return describeCopies({
      name: mirror.get('backendRef').get('name').text() ?? '?',
      percent: mirroredPercent(mirror),
    });
  }
  const extension = filter.get('extensionRef');
  if (type !== 'ExtensionRef') return null;
  return `${extension.get('kind').text() ?? '?'} ${extension.get('name').text() ?? '?'}`;
}

/** Of the rule's requests, 100 if neither percent nor fraction is given; with both, istiod takes the fraction. */
function mirroredPercent(mirror: Field): number {
  const fraction = mirror.get('fraction');
  if (!fraction.present) return mirror.get('percent').whole(0, 100) ?? 100;
  const denominator = fraction.get('denominator').whole(1, 2 ** 31 - 1) ?? 100;
  const numerator = fraction.get('numerator');
  return (100 * (numerator.whole(0, denominator) ?? numerator.fail('is missing'))) / denominator;
}

function readModifier(modifier: Field): HeaderModifier {
  const pairs = (key: string) =>
    modifier
      .get(key)
      .items()
      .map((item) => [headerName(item.get('name')), headerValue(item.get('value'))] as const);
  const remove = modifier
    .get('remove')
    .items()
    .map((item) => headerName(item));
  return { set: pairs('set'), add: pairs('add'), remove };
}
