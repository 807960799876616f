import type { Core } from './core.ts';
import { type SeedReport, type SeedRequest, seedSample } from './seeding.ts';

type Parts = Pick<Core, 'config' | 'clock' | 'connections' | 'db'>;

/** Seeds, with a bar on standard error where a person is watching. */
export async function seedWithProgress(
  parts: Parts,
  request: Pick<SeedRequest, 'size' | 'seed'>,
  forPeople: boolean,
): Promise<SeedReport> {
  if (!forPeople || !process.stderr.isTTY) return seedSample(parts, request);
  const { SingleBar, Presets } = await import('cli-progress');
  const bar = new SingleBar(
    {
      format: 'seeding [{bar}] {percentage}% | {value}/{total} products | {eta_formatted} left',
      stream: process.stderr,
    },
    Presets.rect,
  );
  bar.start(1, 0);
  try {
    return await seedSample(parts, {
      ...request,
      onProgress: (done, total) => {
        bar.setTotal(total);
        bar.update(done);
      },
    });
  } finally {
    bar.stop();
  }
}
