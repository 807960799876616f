import { Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.ts';

export default class AsyncApi extends BaseCommand {
  static override summary = 'Print the AsyncAPI 3 document of the events; needs no database';
  static override examples = [
    '<%= config.bin %> asyncapi > asyncapi.json',
    '<%= config.bin %> asyncapi --format yaml',
  ];
  static override flags = {
    format: Flags.option({
      description: 'how to write it',
      options: ['json', 'yaml'] as const,
      default: 'json',
    })(),
    write: Flags.string({
      description: 'write events.md, and a schema per type below events, into this directory instead',
    }),
  };

  async run(): Promise<unknown> {
    const { flags } = await this.parse(AsyncApi);
    const { asyncApi, writeContracts } = await import('../app/event-contracts.ts');
    if (flags.write !== undefined) {
      const files = await writeContracts(flags.write);
      this.log(`${files.length} files written`);
      return files;
    }
    const document = asyncApi(await this.configuration());
    if (flags.format === 'yaml' && !this.jsonEnabled()) {
      const { stringify } = await import('yaml');
      this.log(stringify(document, { aliasDuplicateObjects: false }).trimEnd());
    } else {
      this.log(JSON.stringify(document, undefined, 2));
    }
    return document;
  }
}
