#!/usr/bin/env node
import module from 'node:module';

// Keeps compiled code between runs; Node.js has it since 22.
module.enableCompileCache?.();
try {
  await import('../dist/main.js');
} catch (error) {
  // Before the code is there, nothing in it can handle errors. 1 would say that the verdict is fail.
  process.stderr.write(`weighbridge: its code could not be loaded (${error.message}).\n`);
  process.exitCode = error.code === 'EMFILE' ? 2 : 70;
}
