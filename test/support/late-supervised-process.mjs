// Loses its supervisor before it ties itself to it, and would live for ever.
import { beSupervised } from '../../dist/app/supervising.js';

const alive = setInterval(() => undefined, 1000);
process.on('disconnect', () => beSupervised());
process.send('waiting');
process.on('exit', () => clearInterval(alive));
