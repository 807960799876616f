import { Errors, type Hook } from '@oclif/core';
import { EXIT } from '../base-command.ts';

/** A command that does not exist is wrong usage; with --json the answer stands on standard output, as everywhere. */
const commandNotFound: Hook.CommandNotFound = ({ id, argv = [], config }) => {
  const message = `there is no command ${id.replaceAll(':', ' ')}: ${config.bin} --help lists them`;
  if (!argv.includes('--json')) throw new Errors.CLIError(message, { exit: EXIT.usage });
  process.stdout.write(`${JSON.stringify({ error: { code: 'usage', message } }, null, 2)}\n`);
  throw new Errors.ExitError(EXIT.usage);
};

export default commandNotFound;
