import { DataSource } from 'typeorm';
import { parseEnvironment } from './src/config/parse-environment.js';
import { databaseOptions } from './src/database/database-options.js';

/** For the TypeORM command line, after a build: `npx typeorm migration:generate -d dist/ormconfig.js …` */
const { DATABASE_URL, DATABASE_POOL } = parseEnvironment();
if (DATABASE_URL === undefined) throw new Error('DATABASE_URL must be given');

export default new DataSource({
  ...databaseOptions({ url: DATABASE_URL, poolSize: DATABASE_POOL }),
  entities: ['dist/src/**/*.entity.js'],
});
