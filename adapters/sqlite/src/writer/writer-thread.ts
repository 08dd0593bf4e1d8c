import { randomBytes } from 'node:crypto';
import { lockDirectory } from '../directory-lock.ts';
import { migrate } from '../migrations.ts';
import { SqlConnection } from '../sql-connection.ts';
import { storeFilesIn } from '../store-files.ts';
import { serveThread } from '../threads/serve-thread.ts';
import { walPages } from '../wal-pages.ts';
import { GroupCommit } from './group-commit.ts';

const EPOCH_BYTES = 8;

/** The one thread that writes. It holds the directory's lock from before it opens the database until after it has closed it. */
serveThread((directory) => {
  const unlock = lockDirectory(directory);
  try {
    const connection = new SqlConnection(storeFilesIn(directory).database, 'write');
    migrate(connection, randomBytes(EPOCH_BYTES).toString('hex'));
    const groupCommit = new GroupCommit(connection, directory);
    return {
      answer: (requests) => groupCommit.answer(requests),
      afterwards: () => groupCommit.settleMany(),
      close: () => {
        groupCommit.close();
        walPages(connection, 'TRUNCATE');
        connection.close();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
});
