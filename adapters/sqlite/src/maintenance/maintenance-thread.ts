import { SqlConnection } from '../sql-connection.ts';
import { storeFailureOf } from '../store-failure.ts';
import { storeFilesIn } from '../store-files.ts';
import { serveThread } from '../threads/serve-thread.ts';
import { type Answer, answersOf, type ThreadRequest } from '../threads/thread-messages.ts';
import { type Maintenance, TASKS } from './tasks.ts';

/** A thread for what takes long and must hold up neither writes nor reads: checkpoints, backups, audits. */
serveThread((directory) => {
  const { database } = storeFilesIn(directory);
  const maintenance: Maintenance = {
    checkpoints: new SqlConnection(database, 'write'),
    reading: new SqlConnection(database, 'read'),
  };

  const answerOne = async ([name, args]: ThreadRequest): Promise<Answer> => {
    try {
      return { kind: 'value', value: await taskNamed(name)(maintenance, args) };
    } catch (error) {
      return { kind: 'failed', failure: storeFailureOf(error, 'read', directory) };
    }
  };

  return {
    async answer(requests) {
      const answers: Answer[] = [];
      for (const request of requests) answers.push(await answerOne(request));
      return answersOf(answers);
    },
    close() {
      maintenance.reading.close();
      maintenance.checkpoints.close();
    },
  };
});

function taskNamed(name: string): (maintenance: Maintenance, args: unknown) => unknown {
  if (!Object.hasOwn(TASKS, name)) throw new Error(`Maintenance has no task named ${name}.`);
  // The cast holds: ThreadLine.call checks name and arguments against TASKS at compile time.
  return TASKS[name as keyof typeof TASKS] as (maintenance: Maintenance, args: unknown) => unknown;
}
