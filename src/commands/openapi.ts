import { Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.ts';

export default class OpenApi extends BaseCommand {
  static override summary = 'Print the OpenAPI 3.1 schema of the REST API; needs no database';
  static override examples = [
    '<%= config.bin %> openapi > openapi.json',
    '<%= config.bin %> openapi --format yaml',
  ];
  static override flags = {
    format: Flags.option({
      description: 'how to write it',
      options: ['json', 'yaml'] as const,
      default: 'json',
    })(),
  };

  async run(): Promise<unknown> {
    const { flags } = await this.parse(OpenApi);
    const config = await this.configuration();
    const { apiDocument } = await import('../app/api-document.ts');
    const document = await apiDocument(config);
    if (this.jsonEnabled()) return document;
    if (flags.format === 'yaml') {
      const { stringify } = await import('yaml');
      this.log(stringify(document).trimEnd());
    } else {
      this.log(JSON.stringify(document, undefined, 2));
    }
    return document;
  }
}
