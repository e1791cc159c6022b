/** Response headers that the gateway adds after `weighbridge instrument`. */

/** Name of the backend that the gateway chose; also on the gateway's own replies. */
export const VERSION_HEADER = 'x-weighbridge-version';

/** `address:port` of the pod that answered; absent if none did. */
export const ENDPOINT_HEADER = 'x-weighbridge-endpoint';
