import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../base-command.ts';

/** As the sample has them; a test holds the two lists together. */
const KINDS = [
  'created',
  'expiring',
  'paid',
  'shipped',
  'delivered',
  'refunded',
  'cancelled',
  'expired',
  'claim',
] as const;

export default class MailPreview extends BaseCommand {
  static override summary = 'Show a mail as customers get it, with the data of a sample order';
  static override description = 'Needs no database, and sends nothing.';
  static override examples = [
    '<%= config.bin %> mail preview shipped --locale de --out shipped.html',
    '<%= config.bin %> mail preview created --format text',
  ];
  static override args = {
    kind: Args.string({ description: 'which mail', options: [...KINDS], required: true }),
  };
  static override flags = {
    locale: Flags.option({
      description: 'its language',
      options: ['en', 'zh', 'es', 'de'] as const,
      default: 'en',
    })(),
    format: Flags.option({
      description: 'which of its two forms',
      options: ['html', 'text'] as const,
      default: 'html',
    })(),
    out: Flags.string({ description: 'a file to write to [standard output]' }),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(MailPreview);
    const kind = KINDS.find((known) => known === args.kind) ?? this.usage(`there is no mail ${args.kind}`);
    const { sampleMail } = await import('../../sample/sample-mail.ts');
    const mail = sampleMail(kind, flags.locale);
    const written = mail[flags.format];
    if (flags.out === undefined) this.log(written.trimEnd());
    else {
      const { writeFile } = await import('node:fs/promises');
      await writeFile(flags.out, written);
      this.log(`${mail.subject}: written to ${flags.out}`);
    }
    return { kind, locale: flags.locale, ...mail };
  }
}
