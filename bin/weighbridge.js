#!/usr/bin/env node
import module from 'node:module';

// Keeps compiled code between runs; Node.js has it since 22.
module.enableCompileCache?.();
await import('../dist/main.js');
