// A role that stops in order, and leaves behind what never ends.
import { BaseCommand } from '../../dist/base-command.js';

class Hung extends BaseCommand {
  async run() {
    await this.parse(Hung);
    // Without the test that started it, it ends.
    const parent = process.ppid;
    setInterval(() => process.ppid === parent || process.exit(1), 1000);
    await this.runRole(() => {
      process.stdout.write('running\n');
      return Promise.resolve({ stop: () => Promise.resolve() });
    });
  }
}

await Hung.run([], import.meta.url);
