// What a client that runs in Node.js allocates, by V8's own account of its garbage collections.

const LINE = /^\[\d+:0x[0-9a-f]+\].*\n/gm;
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
const all = (out, pattern) => [...out.matchAll(pattern)].map((match) => Number(match[1]));

/** The client, which then also gives `allocatedBytes` (all its threads) and `fullGcMs` (its longest full collection). */
export const traced = (tool) => ({
  ...tool,
  command: [tool.command[0], '--trace-gc-nvp', ...tool.command.slice(1)],
  completed: (out) => tool.completed(out.replace(LINE, '')),
  more: (out) => ({
    allocatedBytes: sum(all(out, /^\[\d+:0x.* allocated=(\d+)/gm)),
    fullGcMs: Math.max(0, ...all(out, /^\[\d+:0x.*? pause=([\d.]+) .*gc=mc /gm)),
  }),
});
