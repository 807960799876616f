import { createRequire } from 'node:module';

interface RequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests: (this: RequestQueue) => void;
}

/**
 * kafkajs looks for requests that wait every millisecond, for ever, also when there are none, by a timer with a negative
 * delay, of which newer releases of Node warn. Where none waits, none is looked for: one that comes looks for itself.
 */
export function quietIdleTimer(): void {
  if (quieted) return;
  quieted = true;
  const { prototype: queue } = createRequire(import.meta.url)(
    'kafkajs/src/network/requestQueue/index.js',
  ) as { readonly prototype: RequestQueue };
  const schedule = queue.scheduleCheckPendingRequests;
  queue.scheduleCheckPendingRequests = function () {
    if (this.pending.length > 0) schedule.call(this);
  };
}

let quieted = false;
