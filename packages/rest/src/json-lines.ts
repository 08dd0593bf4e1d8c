import { Readable } from 'node:stream';

/** One JSON text a line. Objects are asked for only as fast as the caller reads, so that an export of any size needs the memory of one page. */
export function jsonLines(items: AsyncIterable<object>): Readable {
  return Readable.from(linesOf(items), { objectMode: false, highWaterMark: 65_536 });
}

async function* linesOf(items: AsyncIterable<object>): AsyncGenerator<Buffer> {
  for await (const item of items) yield Buffer.from(`${JSON.stringify(item)}\n`);
}
