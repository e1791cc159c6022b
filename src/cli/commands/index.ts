/** The commands by name. Each is loaded with its options when the command line may be for it. */
import type { CommandModule } from 'yargs';

const COMMANDS: Readonly<Record<string, () => Promise<CommandModule>>> = {
  run: async () => (await import('./run.js')).runCommand,
  plan: async () => (await import('./plan.js')).planCommand,
  limits: async () => (await import('./limits.js')).limitsCommand,
  analyze: async () => (await import('./analyze.js')).analyzeCommand,
  compare: async () => (await import('./compare.js')).compareCommand,
  doctor: async () => (await import('./doctor.js')).doctorCommand,
  identify: async () => (await import('./identify.js')).identifyCommand,
  instrument: async () => (await import('./instrument.js')).instrumentCommand,
  lab: async () => (await import('./lab.js')).labCommand,
  demo: async () => (await import('./demo.js')).demoCommand,
};

/** The command that the first word names; all commands where it names none. */
export async function commandsFor(word: string | undefined): Promise<CommandModule[]> {
  const named = word !== undefined && Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
  const loads = named === undefined ? Object.values(COMMANDS) : [named];
  return Promise.all(loads.map((load) => load()));
}
