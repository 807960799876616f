import { describe, expect, it } from '@jest/globals';
import MailPreview from '../../../src/commands/mail/preview.ts';
import { LOCALES } from '../../../src/domain/shared/locale.ts';
import { MAIL_KINDS, sampleMail } from '../../../src/sample/sample-mail.ts';

describe('the preview of mails', () => {
  it('offers every mail and every language there is', () => {
    expect(MailPreview.args.kind.options).toEqual([...MAIL_KINDS]);
    expect(MailPreview.flags.locale.options).toEqual([...LOCALES]);
  });

  it.each(MAIL_KINDS)('shows %s whole in every language', (kind) => {
    const shown = LOCALES.map((locale) => sampleMail(kind, locale));
    for (const { subject, text, html } of shown) {
      expect(subject).toContain('CB-7KQX-M2WD');
      expect(text.length).toBeGreaterThan(80);
      expect(html).toContain('</html>');
      expect(text + html).not.toMatch(/undefined|\{\w+\}/);
    }
    expect(new Set(shown.map((m) => m.subject)).size).toBe(LOCALES.length);
  });
});
