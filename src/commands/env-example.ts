import { Command } from '@oclif/core';

export default class EnvExample extends Command {
  static override summary = 'Print .env.example, made from the settings schema.';
  static override hidden = true;

  async run(): Promise<void> {
    await this.parse(EnvExample);
    const { envExample } = await import('../config/env-example.ts');
    this.log(envExample().trimEnd());
  }
}
