import { binaryCodec, type Command, jsonCodec } from '@parley/protocol';
import fc from 'fast-check';
import { HOSTILE_JSON, placesIn, withPlanted } from './hostile-values.ts';
import { note, type Tally } from './tally.ts';

/** One frame of every shape that the codecs treat differently: ids, keys, nested content, lists, bytes. */
const CORPUS: readonly Command[] = [
  { type: 'authenticate', id: 1, token: 'a.b.c' },
  // The casts hold: these are ids by the grammar of ids.ts.
  ...([
    { type: 'sync', id: 2, epoch: 'e', user_seq: 3, positions: [{ conversation_id: 'grp_0000000000001', seq: 4 }] },
    {
      type: 'send_message',
      id: 3,
      client_msg_id: '0a4c1f0e-6c1d-4b53-9a50-2f1f4f9b1a11',
      conversation_id: 'dir_0000000000001_0000000000002',
      content: { text: 'Grüße 👋', reply_to: 1, mentions: ['usr_0000000000001'] },
    },
    { type: 'fetch_entries', id: 4, conversation_id: 'chn_0000000000001', after_seq: 0, limit: 50 },
  ] as Command[]),
  { type: 'ping', id: 5 },
];

const CODECS = [jsonCodec, binaryCodec];

const bytesOf = (encoded: string | Uint8Array): Uint8Array =>
  typeof encoded === 'string' ? new TextEncoder().encode(encoded) : encoded;

/** Bytes that nobody made: noise, and real frames with changed, missing and repeated stretches. */
const hostileBytes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .record({
      frame: fc.constantFrom(
        ...CORPUS.flatMap((command) => CODECS.map((codec) => bytesOf(codec.encodeCommand(command)))),
      ),
      at: fc.nat(400),
      cut: fc.nat(8),
      noise: fc.uint8Array({ maxLength: 8 }),
      end: fc.nat(400),
    })
    .map(({ frame, at, cut, noise, end }) => {
      const place = at % (frame.length + 1);
      const changed = [...frame.slice(0, place), ...noise, ...frame.slice(place + cut)];
      return Uint8Array.from(changed.slice(0, Math.max(1, end)));
    }),
);

function decodeAll(tally: Tally, data: string | Uint8Array): void {
  for (const codec of CODECS) {
    for (const decode of [codec.decodeCommand, codec.decodeServerFrame]) {
      const startedAt = performance.now();
      let problem: string | undefined;
      try {
        const decoded = decode(data);
        // What was accepted can be said again in the same words.
        if (decoded.kind === 'ok' && decode === codec.decodeCommand) {
          const command = decoded.value as Command;
          const again = codec.decodeCommand(codec.encodeCommand(command));
          if (JSON.stringify(again) !== JSON.stringify(decoded))
            problem = `is read twice differently: ${JSON.stringify(command)}`;
        }
      } catch (error) {
        problem = `the ${codec.name} codec threw ${String(error)} at ${Buffer.from(bytesOf(data)).toString('hex')}`;
      }
      const what = `${codec.name} ${Buffer.from(bytesOf(data)).toString('hex').slice(0, 400)}`;
      note(tally, startedAt, problem, { what, ask: async () => decode(data) });
    }
  }
}

/** `runs` random byte strings, and every hostile value at every place of every frame of the corpus. */
export function fuzzCodecs(tally: Tally, seed: number, runs: number): void {
  for (const command of CORPUS)
    for (const place of placesIn(command))
      for (const json of HOSTILE_JSON) decodeAll(tally, withPlanted(command, place, json));
  fc.assert(
    fc.property(hostileBytes, (bytes) => decodeAll(tally, bytes)),
    { seed, numRuns: runs },
  );
}
