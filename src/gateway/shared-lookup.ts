/** Name look-ups for requests that are given up and made again. */
import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';

/**
 * A look-up of a name that is under way serves all who ask for the name. The system's look-up cannot be given up: if no name
 * server answers, one for each request would wait in a queue, and the process could not end before all of them.
 *
 * @param lookup looks names up; the system's resolver by default
 */
export function sharedLookup(lookup: LookupFunction = systemLookup): LookupFunction {
  const underWay = new Map<string, Promise<LookupAddress[]>>();
  const addressesOf = (host: string): Promise<LookupAddress[]> => {
    const known = underWay.get(host);
    if (known !== undefined) return known;
    const found = new Promise<LookupAddress[]>((resolve, reject) => {
      lookup(host, { all: true }, (error, addresses) => {
        underWay.delete(host);
        if (error === null) resolve(addresses as LookupAddress[]);
        else reject(error);
      });
    });
    underWay.set(host, found);
    return found;
  };
  return (host, { all = false }, callback) => {
    addressesOf(host).then(
      (addresses) => {
        const [first] = addresses;
        if (all || first === undefined) callback(null, addresses);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, []),
    );
  };
}
