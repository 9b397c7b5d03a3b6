#!/usr/bin/env node
/**
 * The command line `megaphone`. Node keeps what it compiles of this process (in the folder of temporary files, or where
 * NODE_COMPILE_CACHE says), so that the next one starts in half the time; the processes of runs are compiled afresh.
 */
import { enableCompileCache } from 'node:module';

enableCompileCache();
await import('./command-line.ts');
