/** Response headers that `weighbridge instrument` has the gateway add. */

/** What reports call the backend that the gateway chose; on the gateway's own replies too. */
export const VERSION_HEADER = 'x-weighbridge-version';

/** `address:port` of the pod that answered; absent where none did. */
export const ENDPOINT_HEADER = 'x-weighbridge-endpoint';
