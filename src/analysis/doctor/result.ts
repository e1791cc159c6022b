/**
 * DoctorResult: what `weighbridge doctor` found, as plain data. It is what its `--json` writes (docs/doctor.schema.json), and the
 * only thing its report reads. Shares are fractions, times as their names say.
 */
import type { GeneratorUse, LoadResult, ToolResult } from '../result.js';
import type { Verdict } from '../verdict.js';

export interface DoctorResult {
  schemaVersion: 1;
  tool: ToolResult;
  /** RFC 3339 with microseconds. */
  startedAt: string;
  ended: 'completed' | 'interrupted';
  /** What was asked for: fail beats inconclusive beats pass; null: nothing was, or the measurement was interrupted. */
  verdict: Verdict | null;
  checks: DoctorCheck[];
  machine: MachineResult;
  /** Each connection sends its next request when it has an answer: as much as the generator can. */
  closedLoop: ClosedLoopResult;
  /** Requests at fixed times; null: interrupted before. */
  openLoop: OpenLoopResult | null;
  /** What these figures mean for runs, and what to do. */
  findings: DoctorFinding[];
}

export interface DoctorCheck {
  kind: 'rate' | 'connections';
  verdict: Verdict;
  /** What was asked for. */
  asked: number;
  /** What this machine can; null: no limit is known. */
  most: number | null;
  text: string;
}

export interface DoctorFinding {
  kind: 'rate' | 'threads' | 'lateness' | 'cores' | 'stalls' | 'connections' | 'ports';
  text: string;
}

export interface MachineResult {
  node: string;
  platform: string;
  /** Cores that the process may use, whole ones. */
  cores: number;
  /** Cores by the container's quota, which may be a part of one; null: none is known. */
  cpuQuota: number | null;
  /** Of the last minute, before anything was sent; null: the system has none. */
  loadAverage: number | null;
  /** Files that the process may have open, and has; null: not known. */
  openFiles: { limit: number; inUse: number } | null;
  /** Local ports for connections to one address; null: not known. */
  localPorts: number | null;
  /** Connections by open files, and by ports to one address; null: no limit is known. */
  mostConnections: number | null;
}

interface MeasuredLoad {
  driver: LoadResult['driver'];
  threads: number;
  connections: number;
  /** Answered. */
  requests: number;
  /** Not answered, or not sent. */
  failed: number;
  requestsPerSecond: number;
  /** CPU time of the client, all its threads; null: not measured. */
  cpuUsPerRequest: number | null;
  /** Null: not measured. */
  generator: GeneratorUse | null;
}

export interface ClosedLoopResult extends MeasuredLoad {
  /** Whether the client was the limit, and not the echo server: its busiest thread was busy for at least 90 %. */
  clientLimited: boolean;
}

export interface OpenLoopResult extends MeasuredLoad {
  ratePerSecond: number;
  /** How late requests were written, as in `load.lateness` of a run; null: too few were sent, of p99: for p99. */
  latenessUs: { p50: number; p99: number | null; max: number } | null;
}
