// Lets Node run the TypeScript of the benchmarks and of src as it stands: `node --import ./bench/register.js FILE.ts`.
import { register } from 'node:module';

register('./strip-types.js', import.meta.url);
