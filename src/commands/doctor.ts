import type { Diagnosis } from '../app/doctor/doctor.ts';
import { BaseCommand, EXIT } from '../base-command.ts';

export default class Doctor extends BaseCommand {
  static override summary = 'Examine every setting and every dependency, and say how to mend each';
  static override description =
    'Exits with 0 when nothing fails (warnings do not count), 3 when a dependency is unreachable, 1 when something else is wrong. Changes nothing.';
  static override examples = ['<%= config.bin %> doctor', '<%= config.bin %> doctor --json'];

  async run(): Promise<Diagnosis> {
    await this.parse(Doctor);
    const [{ examine }, { loadConfigFromProcess }] = await Promise.all([
      import('../app/doctor/doctor.ts'),
      import('../config.ts'),
    ]);
    const diagnosis = await examine(loadConfigFromProcess);
    for (const { name, status, detail, remedy } of diagnosis.checks) {
      this.log(`${status.padEnd(5)}${name.padEnd(12)} ${detail}`);
      if (remedy !== undefined) this.log(`${' '.repeat(18)}→ ${remedy}`);
    }
    const silent = diagnosis.checks.some((finding) => finding.unreachable === true);
    if (diagnosis.status === 'fail') process.exitCode = silent ? EXIT.unreachable : EXIT.failed;
    return diagnosis;
  }
}
