/** The arrows of docs/architecture.md: who may import whom. */
const forbid = (name, from, to, comment) => ({ name, severity: 'error', comment, from, to });
const at = (path, pathNot) => (pathNot ? { path, pathNot } : { path });

module.exports = {
  forbidden: [
    forbid('no-cycles', {}, { circular: true }, 'a cycle has no layer'),
    forbid(
      'shared-imports-no-feature',
      at('^src/domain/shared/'),
      at('^src/', '^src/domain/shared/'),
      'shared is the bottom',
    ),
    forbid(
      'features-meet-only-in-use-cases',
      at('^src/domain/([^/]+)/', '^src/domain/(use-cases|shared)/'),
      at('^src/', '^src/domain/($1|shared)/'),
      'a feature imports itself and shared',
    ),
    forbid(
      'domain-knows-no-adapter',
      at('^src/domain/'),
      at('^src/', '^src/domain/'),
      'the core imports only the core',
    ),
    forbid(
      'domain-knows-no-driver',
      at('^src/domain/'),
      {
        path: 'node_modules/(typeorm|express|mysql2|libsql|kafkajs|ioredis|mongodb|agenda|nodemailer|@oclif)',
      },
      'the core knows no framework',
    ),
    forbid(
      'server-imports-domain-only',
      at('^src/server/'),
      at('^src/', '^src/(server|domain)/'),
      'arrow of the design',
    ),
    forbid(
      'jobs-import-domain-only',
      at('^src/jobs/'),
      at('^src/', '^src/(jobs|domain)/'),
      'arrow of the design',
    ),
    forbid(
      'infra-imports-domain-only',
      at('^src/infra/'),
      at('^src/', '^src/(infra|domain)/'),
      'arrow of the design',
    ),
    forbid(
      'sample-imports-domain-only',
      at('^src/sample/'),
      at('^src/', '^src/(sample|domain)/'),
      'sample data is pure: its files come in as values',
    ),
    forbid(
      'commands-are-lazy',
      at('^src/commands/'),
      {
        path: '^src/((server|jobs|infra|domain|app)/|app\\.ts$)',
        dependencyTypesNot: ['type-only', 'dynamic-import'],
      },
      'a command imports what it runs inside run()',
    ),
    forbid(
      'only-config-reads-the-environment',
      at('^src/', '^src/config'),
      at('node_modules/dotenv'),
      'src/config.ts is the only reader',
    ),
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
};
