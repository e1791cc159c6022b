/** Remarks on a policy besides its values; reading the policy adds to both lists. */
export interface PolicyRemarks {
  /** One readable line per value that came from a default. */
  readonly defaults: string[];
  /** What a manifest sets but is not applied, one readable line each. */
  readonly notes: string[];
}
