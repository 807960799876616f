import { handlerOf } from '../../domain/jobs/job-runner.ts';
import { renderClaimMail } from '../../domain/notifications/render-claim-mail.ts';
import { SendOrderClaim } from '../../domain/notifications/send-order-claim.job.ts';
import { DEFAULT_LOCALE, isLocale } from '../../domain/shared/locale.ts';
import type { Work } from '../work.ts';

export const sendOrderClaim = ({
  claims,
  claimTokens,
  mailer,
}: Pick<Work, 'claims' | 'claimTokens' | 'mailer'>) =>
  handlerOf(SendOrderClaim, async ({ claimId }) => {
    const claim = await claims.forMail(claimId);
    if (claim === undefined) return;
    const locale = isLocale(claim.locale) ? claim.locale : DEFAULT_LOCALE;
    await mailer.send({
      to: claim.email,
      messageKey: `order-claim.${claimId}`,
      ...renderClaimMail({ ...claim, locale }, claimTokens.tokenOf(claimId)),
    });
  });
