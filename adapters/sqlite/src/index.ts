export { openSqliteStores, type SqliteOptions, type SqliteStores } from './open-sqlite-stores.ts';
