// Another process on the same database file: `node writer-process.mjs PATH NAME COUNT`. Runs the built program.
import { openDatabase } from '../../dist/infra/db/open-database.js';

const [path, name, count] = process.argv.slice(2);
const connections = await openDatabase({ kind: 'sqlite', path });
for (let i = 0; i < Number(count); i++) {
  await connections.write(async (sql) => {
    const [row] = await sql.query("SELECT COUNT(*) AS n FROM audit_log WHERE subject = 'counter'");
    await sql.run('INSERT INTO audit_log (id, at, actor, action, subject) VALUES (?, ?, ?, ?, ?)', [
      `${name}-${i}`,
      new Date(),
      name,
      // Read, then written in the same transaction: two that interleave would write the same number.
      String(row.n),
      'counter',
    ]);
  });
}
await connections.close();
