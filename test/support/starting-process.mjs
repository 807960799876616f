// Is watched, but its work never begins: it keeps the thread to itself, or ends. In its second life it ends well.
import { existsSync, writeFileSync } from 'node:fs';
import { beSupervised } from '../../dist/app/supervising.js';

const [mark, how] = process.argv.slice(2);
const first = !existsSync(mark);
writeFileSync(mark, `${process.pid}`);
const tie = beSupervised();
tie.watched();
if (!first) {
  tie.stopping();
  tie.release();
} else if (how === 'fails') {
  process.exitCode = 3;
  tie.release();
} else {
  setImmediate(() => {
    // Longer than any test waits, but not for ever: nobody else would end it.
    for (const end = Date.now() + 120_000; Date.now() < end; );
  });
}
