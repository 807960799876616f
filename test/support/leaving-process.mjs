// Says that it lives and then that it stops, but does not end as it should.
import { appendFileSync } from 'node:fs';

const [lives, how] = process.argv.slice(2);
appendFileSync(lives, '1');
process.send('alive');
process.send('stopping', () => {
  if (how === 'fails') process.exit(3);
  setInterval(() => undefined, 1000);
});
