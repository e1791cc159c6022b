/** Why shares are off, or draws are not independent: what a run shows of it (docs/statistics.md). */

/** Shares of a part of a run, or of some of its connections. */
export interface SharesOf {
  /** Responses that name a version. */
  responses: number;
  /** By version; those without a response are left out. */
  shares: Record<string, number>;
}

interface Found {
  /** Probability of what was seen, or more of it, if each request draws its version with the same shares; 0 below 1e-300. */
  p: number;
  /** How large it is; what it measures depends on the kind. */
  figure: number;
  /** What was found, in a sentence. */
  text: string;
  /** What it means, and what to do. */
  advice: string;
}

/** Connections keep to versions. Figure: the design effect, about the responses of a connection if each keeps to one version. */
interface StickinessFinding extends Found {
  kind: 'stickiness';
  connections: number;
  /** Of these, those with one version only. */
  oneVersion: number;
}

/** Connections fall into groups with different shares. Figure: the design effect. */
export interface ReplicasFinding extends Found {
  kind: 'replicas';
  connections: number;
  /** Of the address with most connections. */
  groups: (SharesOf & { connections: number })[];
}

/** Parts of the run vary less than draws (rotation) or more. Figure: their variance as a multiple of that of draws. */
export interface DispersionFinding extends Found {
  kind: 'rotation' | 'over-dispersion';
  /** Parts of the run that were compared. */
  parts: number;
}

/** The shares changed once. Figure: the largest change of a share, in points. */
export interface DriftFinding extends Found {
  kind: 'drift';
  /** Version of that change. */
  version: string;
  /** About when, ms on the run clock. */
  atMs: number;
  before: SharesOf;
  after: SharesOf;
}

/** The shares were different for some time. Figure: the largest difference of a share, in points. */
export interface TransientFinding extends Found {
  kind: 'transient';
  /** Version of that difference. */
  version: string;
  /** About from when to when, ms on the run clock. */
  fromMs: number;
  toMs: number;
  inside: SharesOf;
  outside: SharesOf;
}

/** An address splits differently from the others. Figure: the difference of the version's share, in points. */
export interface AddressesFinding extends Found {
  kind: 'addresses';
  address: string;
  /** Version whose share differs most clearly. */
  version: string;
  /** There, and at the other addresses that it was compared with. */
  share: number;
  responses: number;
  othersShare: number;
  othersResponses: number;
}

export type Finding =
  | StickinessFinding
  | ReplicasFinding
  | DispersionFinding
  | DriftFinding
  | TransientFinding
  | AddressesFinding;
