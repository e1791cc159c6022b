/** What there is to say of a policy besides its values; both lists are added to while it is read. */
export interface PolicyRemarks {
  /** One readable line per value that came from a default. */
  readonly defaults: string[];
  /** What a manifest says and is not applied, readable. */
  readonly notes: string[];
}
