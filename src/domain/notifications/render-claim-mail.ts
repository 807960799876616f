import type { Locale } from '../shared/locale.ts';
import type { Mail } from './mail.ts';
import { composeMail } from './mail-layout.ts';

const TEXTS: Readonly<
  Record<Locale, { readonly subject: string; readonly body: string; readonly ignore: string }>
> = {
  en: {
    subject: 'Add order {number} to your account',
    body: 'Somebody asked to add your order {number} to an account. If it was you, enter this code there until {date}:',
    ignore: 'If it was not you, ignore this message: nothing changes.',
  },
  zh: {
    subject: '将订单 {number} 添加到您的账户',
    body: '有人请求将您的订单 {number} 添加到账户。如果是您本人，请在 {date} 之前在账户中输入此代码：',
    ignore: '如果不是您本人，请忽略此邮件：不会有任何变化。',
  },
  es: {
    subject: 'Añada el pedido {number} a su cuenta',
    body: 'Alguien ha pedido añadir su pedido {number} a una cuenta. Si fue usted, introduzca allí este código antes de {date}:',
    ignore: 'Si no fue usted, ignore este mensaje: nada cambia.',
  },
  de: {
    subject: 'Bestellung {number} Ihrem Konto hinzufügen',
    body: 'Jemand möchte Ihre Bestellung {number} einem Konto hinzufügen. Wenn Sie es sind, geben Sie dort bis {date} diesen Code ein:',
    ignore: 'Wenn nicht, beachten Sie diese Nachricht nicht: Es ändert sich nichts.',
  },
};

export function renderClaimMail(
  claim: { readonly number: string; readonly locale: Locale; readonly expiresAt: Date },
  token: string,
): Pick<Mail, 'subject' | 'text' | 'html'> {
  const { locale, expiresAt } = claim;
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  const fill = (text: string): string =>
    text.replaceAll('{number}', claim.number).replaceAll('{date}', `${format.format(expiresAt)} UTC`);
  const { subject, body, ignore } = TEXTS[locale];
  return composeMail({ locale, subject: fill(subject), body: fill(body), code: token, note: ignore });
}
