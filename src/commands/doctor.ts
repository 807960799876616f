import { Flags } from '@oclif/core';
import type { Diagnosis } from '../app/doctor/doctor.ts';
import { BaseCommand, EXIT } from '../base-command.ts';

export default class Doctor extends BaseCommand {
  static override summary = 'Examine every setting and every dependency, and say how to mend each';
  static override description =
    'Exits with 0 when nothing fails (warnings do not count), 3 when a dependency is unreachable, 1 when something else is wrong. Changes nothing.';
  static override examples = [
    '<%= config.bin %> doctor',
    '<%= config.bin %> doctor --json',
    '<%= config.bin %> doctor --data',
  ];
  static override flags = {
    data: Flags.boolean({
      summary: 'Examine the stored data instead: every promise about stock, orders, payments and events',
    }),
  };

  async run(): Promise<Diagnosis> {
    const { flags } = await this.parse(Doctor);
    const [{ examine }, { loadConfigFromProcess }] = await Promise.all([
      import('../app/doctor/doctor.ts'),
      import('../config.ts'),
    ]);
    const diagnosis = await examine(loadConfigFromProcess, flags.data ? 'data' : 'machine');
    const width = Math.max(12, ...diagnosis.checks.map(({ name }) => name.length));
    for (const { name, status, detail, remedy, rows = [] } of diagnosis.checks) {
      this.log(`${status.padEnd(5)}${name.padEnd(width)} ${detail}`);
      for (const row of rows) this.log(`${' '.repeat(width + 6)}${JSON.stringify(row)}`);
      if (remedy !== undefined) this.log(`${' '.repeat(width + 6)}→ ${remedy}`);
    }
    const silent = diagnosis.checks.some((finding) => finding.unreachable === true);
    if (diagnosis.status === 'fail') process.exitCode = silent ? EXIT.unreachable : EXIT.failed;
    return diagnosis;
  }
}
