import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, inject, onTestFinished } from 'vitest';
import { type ServerProcess, startServer } from '../../../tools/load/server-process.ts';
import { Person, type Wire } from './person.ts';
import { PublishedApi } from './published-api.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the server under test; absent: each test file starts its own. */
    conformanceUrl?: string;
  }
}

const providedUrl = inject('conformanceUrl');

/** Somebody else's server is neither configured, nor killed, nor has its first account ours. */
export const isForeign = providedUrl !== undefined;

export interface ServerUnderTest extends Wire {
  person(name?: string): Promise<Person>;
  people<Names extends readonly string[]>(...names: Names): Promise<{ [Index in keyof Names]: Person }>;
}

async function underTest(url: string): Promise<ServerUnderTest> {
  const wire: Wire = { url, api: await PublishedApi.of(url) };
  const person = (name = 'Somebody'): Promise<Person> => Person.register(wire, name);
  return {
    ...wire,
    person,
    // The cast holds: mapping keeps the length.
    people: async (...names) => (await Promise.all(names.map(person))) as never,
  };
}

let shared: Promise<ServerUnderTest> | undefined;

/** The server for the tests of a file: the given one, or a process of its own that ends with the file. */
export function serverUnderTest(): Promise<ServerUnderTest> {
  shared ??= providedUrl === undefined ? temporaryServer() : underTest(providedUrl);
  return shared;
}

async function temporaryServer(): Promise<ServerUnderTest> {
  const directory = await mkdtemp(join(tmpdir(), 'parley-conformance-'));
  const server = await startServer(directory);
  afterAll(async () => {
    await server.stop('SIGKILL');
    await rm(directory, { recursive: true, force: true });
  });
  return await underTest(server.url);
}

/** A process for one test, with options of its own, that may be stopped and started again on what it stored. */
export interface OwnServer extends ServerUnderTest {
  readonly process: ServerProcess;
  restart(): Promise<OwnServer>;
}

export async function ownServer(...args: readonly string[]): Promise<OwnServer> {
  const directory = await mkdtemp(join(tmpdir(), 'parley-conformance-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return await startOn(directory, args);
}

async function startOn(directory: string, args: readonly string[]): Promise<OwnServer> {
  const server = await startServer(directory, { args });
  onTestFinished(async () => void (await server.stop('SIGKILL')));
  return { ...(await underTest(server.url)), process: server, restart: () => startOn(directory, args) };
}
