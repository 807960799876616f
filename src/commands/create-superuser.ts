import { Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.ts';
import type { Config } from '../config.ts';

interface Answers {
  readonly username: string;
  readonly email: string;
  readonly password: string;
}

interface Outcome {
  readonly created: boolean;
  readonly username: string;
  readonly userId: string;
}

const REMEDY =
  'there is no terminal to ask at: pipe the password into --password-stdin, or set SUPERUSER_PASSWORD to one of your own (and SUPERUSER_USERNAME, SUPERUSER_EMAIL)';

export default class CreateSuperuser extends BaseCommand {
  static override summary = 'Create an administrator';
  static override description =
    'Asks at a terminal for what no flag says. In a pipeline the password comes from standard input or SUPERUSER_PASSWORD, never from an argument, which other users of the machine could read.';
  static override examples = [
    '<%= config.bin %> create-superuser',
    'pass show shop/admin | <%= config.bin %> create-superuser --username root --email root@shop.example --password-stdin',
    'SUPERUSER_PASSWORD=… <%= config.bin %> create-superuser --if-not-exists --json',
  ];
  static override flags = {
    username: Flags.string({ description: 'name to sign in with [SUPERUSER_USERNAME, else admin]' }),
    email: Flags.string({ description: 'e-mail address [SUPERUSER_EMAIL]' }),
    'password-stdin': Flags.boolean({
      description: 'read the password from standard input, up to the first line end',
    }),
    'if-not-exists': Flags.boolean({ description: 'succeed when there is a user of this name already' }),
  };

  async run(): Promise<Outcome> {
    const { flags } = await this.parse(CreateSuperuser);
    const config = await this.configuration();
    const answers = await this.#answers(config, flags);
    const { createSuperuser } = await import('../app/superuser.ts');
    const request = { ...answers, ifNotExists: flags['if-not-exists'] };
    const { created, userId } = await this.withApp((app) => createSuperuser(app, request));
    this.log(
      created ? `created the superuser ${answers.username}` : `there is a user ${answers.username} already`,
    );
    return { created, username: answers.username, userId };
  }

  async #answers(
    config: Config,
    flags: { username?: string | undefined; email?: string | undefined; 'password-stdin': boolean },
  ): Promise<Answers> {
    const { superuser } = config;
    const known = { username: flags.username ?? superuser.username, email: flags.email ?? superuser.email };
    if (flags['password-stdin']) return { ...known, password: await this.#passwordFromStdin() };
    if (!superuser.passwordIsShipped) return { ...known, password: superuser.password };
    if (!process.stdin.isTTY || this.jsonEnabled()) this.usage(REMEDY);
    const { askForSuperuser } = await import('../prompts/superuser.prompt.ts');
    const asked = await askForSuperuser(known, flags);
    return asked ?? this.usage('nothing was created: the questions were not answered');
  }

  async #passwordFromStdin(): Promise<string> {
    if (process.stdin.isTTY) this.usage('--password-stdin reads a pipe, and standard input is a terminal');
    const { firstLine } = await import('../prompts/first-line.ts');
    const password = await firstLine(process.stdin);
    return password === '' ? this.usage('--password-stdin: standard input is empty') : password;
  }
}
