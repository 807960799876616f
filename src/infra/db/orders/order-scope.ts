import type { OrderScope } from '../../../domain/orders/order.store.ts';

/**
 * The condition that keeps everybody to his own orders, for a WHERE with the alias `o`. A guest's token opens the
 * order until somebody has claimed it.
 */
export function scopeCondition(scope: OrderScope): {
  readonly sql: string;
  readonly params: readonly string[];
} {
  if (scope === 'any') return { sql: '', params: [] };
  if ('ownerId' in scope) return { sql: ' AND o.user_id = ?', params: [scope.ownerId] };
  return {
    sql: ' AND o.user_id IS NULL AND EXISTS (SELECT 1 FROM guest_orders g WHERE g.order_id = o.id AND g.token_hash = ?)',
    params: [scope.guestTokenHash],
  };
}
