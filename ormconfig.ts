import { DataSource } from 'typeorm';
import { loadEnvironment } from './src/config/load-environment.js';
import { databaseOptions } from './src/database/database-options.js';

/** For the TypeORM command line, after a build: `npx typeorm migration:generate -d dist/ormconfig.js …` */
const { DATABASE_URL, DATABASE_POOL } = loadEnvironment();
if (DATABASE_URL === undefined) throw new Error('DATABASE_URL must be given');

export default new DataSource({
  ...databaseOptions({ url: DATABASE_URL, poolSize: DATABASE_POOL }),
  entities: ['dist/src/**/*.entity.js'],
});
