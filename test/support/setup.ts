import nodeConsole from 'node:console';

// Jest's console buffers and loses what commands print; the real one does not.
globalThis.console = nodeConsole;
