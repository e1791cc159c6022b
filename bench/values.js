// What one run of a client says: a figure of each name, in the unit of its title. NaN: it is not known.
export const VALUES = {
  cpu: {
    title: 'CPU per request (µs)',
    of: ({ cpuUs, completed, startUp }) => (cpuUs - startUp.cpuUs) / (completed - startUp.completed),
  },
  cpuOfAll: { title: 'CPU per request (µs)', of: ({ cpuUs, completed }) => cpuUs / completed },
  startUp: {
    title: 'start-up, CPU (ms)',
    of: ({ startUp }) => (startUp.completed === 0 ? Number.NaN : startUp.cpuUs / 1000),
  },
  cpuMs: { title: 'CPU (ms)', of: ({ cpuUs }) => cpuUs / 1000 },
  wallMs: { title: 'time (ms)', of: ({ wallUs }) => wallUs / 1000 },
  throughput: {
    title: 'requests/s',
    of: ({ wallUs, completed, startUp }) =>
      (completed - startUp.completed) / ((wallUs - startUp.wallUs) / 1e6),
  },
  clientCores: { title: 'client, cores', of: ({ cpuUs, wallUs }) => cpuUs / wallUs },
  serverCores: { title: 'server, cores', of: ({ serverCores }) => serverCores },
  memory: { title: 'peak memory (MB)', of: ({ maxRssKiB }) => (maxRssKiB * 1024) / 1e6 },
  allocated: {
    title: 'allocated per request (B)',
    of: ({ allocatedBytes, completed, startUp }) =>
      (allocatedBytes - startUp.allocatedBytes) / (completed - startUp.completed),
  },
  fullGc: { title: 'longest full GC (ms)', of: ({ fullGcMs }) => fullGcMs },
  arrivals: { title: 'arrivals', of: ({ lateness }) => lateness.count },
  p50: { title: 'late, p50 (µs)', of: ({ lateness }) => lateness.p50 },
  p90: { title: 'p90', of: ({ lateness }) => lateness.p90 },
  p99: { title: 'p99', of: ({ lateness }) => lateness.p99 },
  max: { title: 'most', of: ({ lateness }) => lateness.max },
};
