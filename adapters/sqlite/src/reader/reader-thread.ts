import { SqlConnection } from '../sql-connection.ts';
import { storeFailureOf } from '../store-failure.ts';
import { storeFilesIn } from '../store-files.ts';
import { serveThread } from '../threads/serve-thread.ts';
import { type Answer, answersOf, type ThreadRequest } from '../threads/thread-messages.ts';
import { queryNamed } from './queries.ts';

/** A thread that reads. The requests of one turn see one state of the database, at least as new as when they were asked (S15). */
serveThread((directory) => {
  const connection = new SqlConnection(storeFilesIn(directory).database, 'read');

  const answerOne = ([name, args]: ThreadRequest): Answer => {
    try {
      return { kind: 'value', value: queryNamed(name)(connection, args) };
    } catch (error) {
      return { kind: 'failed', failure: storeFailureOf(error, 'read', directory) };
    }
  };

  return {
    answer(requests) {
      connection.run('BEGIN');
      try {
        return answersOf(requests.map(answerOne));
      } finally {
        connection.rollBack();
      }
    },
    close: () => connection.close(),
  };
});
