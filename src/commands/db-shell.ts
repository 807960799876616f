import { BaseCommand } from '../base-command.ts';

export default class DbShell extends BaseCommand {
  static override summary = "Open the database's own client (sqlite3, mysql or mariadb)";
  static override description = 'What follows -- goes to the client as it is. Its exit code is passed on.';
  static override examples = [
    '<%= config.bin %> db-shell',
    "<%= config.bin %> db-shell -- -e 'SELECT COUNT(*) FROM orders'",
  ];
  static override strict = false;

  async run(): Promise<{ readonly exitCode: number }> {
    const { argv } = await this.parse(DbShell);
    const { database } = await this.configuration();
    const { openDatabaseShell } = await import('../app/database-shell.ts');
    const exitCode = await openDatabaseShell(database, argv.map(String));
    process.exitCode = exitCode;
    return { exitCode };
  }
}
