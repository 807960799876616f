import { Flags } from '@oclif/core';
import type { SeedReport } from '../app/seeding.ts';
import type { App } from '../app.ts';
import { BaseCommand } from '../base-command.ts';

interface Outcome {
  readonly database: string;
  readonly migrations: number;
  readonly superuser?: 'created' | 'present';
  readonly seeded?: SeedReport;
}

export default class ResetDb extends BaseCommand {
  static override summary = 'Drop the database with everything in it, migrate it anew, and seed it';
  static override description =
    'Stop every other role first. Asks for the name of the database; pipelines give it with --force. Refused when NODE_ENV=production.';
  static override examples = [
    '<%= config.bin %> reset-db',
    '<%= config.bin %> reset-db --force crossborder_trade --size medium --json',
  ];
  static override flags = {
    force: Flags.string({
      description: 'do not ask: the name of the database, as a check',
      helpValue: 'NAME',
    }),
    size: Flags.option({ options: ['small', 'medium', 'large'] as const })({
      description: 'size of the sample',
      default: 'small',
    }),
    'no-seed': Flags.boolean({ description: 'leave the database empty' }),
  };

  async run(): Promise<Outcome> {
    const { flags } = await this.parse(ResetDb);
    const config = await this.configuration();
    if (config.env === 'production') this.usage('reset-db is refused when NODE_ENV=production');
    const { databaseName, resetDatabase } = await import('../app/resetting.ts');
    const name = databaseName(config.database);
    const confirmed = flags.force ?? (await this.#ask(name));
    if (confirmed !== name)
      this.usage(`nothing was dropped: the database is called ${name}, not ${confirmed}`);
    const { database, applied } = await resetDatabase(config);
    this.log(`${database} is new and empty (${applied.length} migrations)`);
    const outcome = {
      database,
      migrations: applied.length,
      ...(await this.#refill(flags, config.superuser.create)),
    };
    return outcome;
  }

  async #ask(name: string): Promise<string> {
    if (this.jsonEnabled() || !process.stdin.isTTY) {
      this.usage(`nothing was dropped: give the name of the database with --force ${name}`);
    }
    const { default: inquirer } = await import('inquirer');
    const message = `This destroys everything in ${name}. Type its name to go on:`;
    const { answer } = await inquirer.prompt<{ answer: string }>([
      { type: 'input', name: 'answer', message },
    ]);
    return answer;
  }

  #refill(
    flags: { readonly size: 'small' | 'medium' | 'large'; readonly 'no-seed': boolean },
    withSuperuser: boolean,
  ): Promise<Pick<Outcome, 'superuser' | 'seeded'>> {
    return this.withApp(async (app) => {
      const superuser = withSuperuser ? await this.#superuser(app) : {};
      if (flags['no-seed']) return superuser;
      const { seedWithProgress } = await import('../app/seed-progress.ts');
      const seeded = await seedWithProgress(app, { size: flags.size, seed: 1 }, !this.jsonEnabled());
      this.log(`seeded ${seeded.products} products and ${seeded.customers} customers`);
      return { ...superuser, seeded };
    });
  }

  async #superuser(app: App) {
    const { createConfiguredSuperuser } = await import('../app/superuser.ts');
    const { created } = await createConfiguredSuperuser(app);
    return { superuser: created ? ('created' as const) : ('present' as const) };
  }
}
