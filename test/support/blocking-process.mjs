// Says that it lives, then never gives the thread back; in its second life it ends well.
import { existsSync, writeFileSync } from 'node:fs';

const [mark] = process.argv.slice(2);
const first = !existsSync(mark);
writeFileSync(mark, `${process.pid}`);
process.send('alive', () => {
  if (!first) process.exit(0);
  for (;;);
});
