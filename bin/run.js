#!/usr/bin/env node
import module from 'node:module';

// What the program makes (the database, mails, the secret key) is for its own user alone.
process.umask(0o077);
module.enableCompileCache?.();
const { execute } = await import('@oclif/core');
// Not awaited: with its output piped into `head`, an awaited execute ends with exit code 13.
void execute({ dir: import.meta.url });
