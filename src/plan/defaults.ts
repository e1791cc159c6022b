/** What counts where no option says otherwise. */
export const DEFAULT_TOLERANCE = 0.02;
export const DEFAULT_CONFIDENCE = 0.95;
export const DEFAULT_BODY_LIMIT = 64 * 1024;
