import { startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts';

/** Starts PostgreSQL in the folder that is its argument, says so, and holds on to it until it is killed. */
await startEmbeddedPostgres(process.argv[2] ?? '');
process.stdout.write('ready\n');
setInterval(() => {}, 60_000);
