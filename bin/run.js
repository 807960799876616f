#!/usr/bin/env node
import module from 'node:module';

module.enableCompileCache?.();
const { execute } = await import('@oclif/core');
// Not awaited: with its output piped into `head`, an awaited execute ends with exit code 13.
void execute({ dir: import.meta.url });
