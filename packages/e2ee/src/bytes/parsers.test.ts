import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressOf } from '../../test/people.ts';
import { readContent } from '../device/content.ts';
import { readOutgoing } from '../device/outgoing-record.ts';
import { parseGroupMessage } from '../groups/group-message.ts';
import { readMembershipEntry } from '../groups/membership-entry-codec.ts';
import { readOwnSenderKey, readPeerSenderKeys } from '../groups/sender-key-codec.ts';
import { readDistribution } from '../groups/sender-key-distribution.ts';
import { readSignedDeviceList } from '../identity/device-list.ts';
import { readMediaDescriptor } from '../media/media-descriptor-codec.ts';
import { classicProfile, productProfile, refreshingProfile } from '../profile/product-profile.ts';
import { readSessionRecord } from '../session/session-record-codec.ts';
import { signalProfile } from '../signal/signal-profile.ts';
import { type ByteReader, parseBytes } from './byte-reader.ts';
import { ByteWriter, VARINT_MAX } from './byte-writer.ts';
import { base64UrlOf, bytesOfBase64Url } from './bytes.ts';

/** Inputs for each parser; PARLEY_E2EE_FUZZ asks for more. */
const INPUTS = Number(process.env.PARLEY_E2EE_FUZZ ?? 2_000);

const parsers: readonly (readonly [string, (bytes: Uint8Array) => unknown])[] = [
  ...[productProfile, classicProfile, refreshingProfile, signalProfile].flatMap((profile) => [
    [`message of ${profile.name}`, (bytes: Uint8Array) => profile.messages.parse(bytes)] as const,
    [`initial message of ${profile.name}`, (bytes: Uint8Array) => profile.handshakes.parseInitial(bytes)] as const,
  ]),
  ['group message', parseGroupMessage],
  ['content', readContent],
  ['outgoing record', readOutgoing],
  ['session record', readSessionRecord],
  ['own sender key', readOwnSenderKey],
  ['peer sender keys', readPeerSenderKeys],
  ['distribution', (bytes) => readDistribution(bytes, 'grp', addressOf(1))],
  ['membership entry', readMembershipEntry],
  ['device list', readSignedDeviceList],
  ['media descriptor', readMediaDescriptor],
];

/** Mostly small numbers, so that versions, kinds and lengths are often right, and bytes that a number goes on after. */
const byte = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 3 }) },
  { weight: 1, arbitrary: fc.nat(255) },
  { weight: 1, arbitrary: fc.constant(128) },
);
const firstByte = fc.oneof(fc.nat(255), fc.constantFrom(0x11, 0x12, 0x13, 0x21, 0x22, 0x23, 0x31, 0x33, 1));

describe('parsers', () => {
  it.each(parsers)('%s: any bytes give a value or nothing, never an exception', (_name, parse) => {
    fc.assert(
      fc.property(firstByte, fc.array(byte, { maxLength: 300, size: 'max' }), (first, rest) => {
        parse(Uint8Array.of(first, ...rest));
      }),
      { numRuns: INPUTS },
    );
  });

  it('numbers read back, in one spelling each', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: VARINT_MAX }), (value) => {
        const bytes = new ByteWriter().varint(value).finish();
        expect(parseBytes(bytes, (reader: ByteReader) => reader.varint())).toBe(value);
        const padded = Uint8Array.of(...bytes.slice(0, -1), (bytes.at(-1) ?? 0) | 128, 0);
        expect(parseBytes(padded, (reader: ByteReader) => reader.varint())).toBeUndefined();
      }),
    );
    expect(() => new ByteWriter().varint(-1)).toThrow(RangeError);
    expect(() => new ByteWriter().varint(0.5)).toThrow(RangeError);
  });

  it('a number with more bytes than any number has is refused, however long it is', () => {
    for (const zeros of [7, 8, 20, 147, 160, 1_000]) {
      for (const last of [0, 1, 127]) {
        const bytes = Uint8Array.of(...new Uint8Array(zeros).fill(128), last);
        expect(parseBytes(bytes, (reader) => reader.varint())).toBeUndefined();
      }
    }
  });

  it('texts of every kind read back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const bytes = new ByteWriter(1).text(text).finish();
        expect(parseBytes(bytes, (reader) => reader.text(10_000))).toBe(text);
      }),
    );
  });

  it('base64url reads back and has one spelling', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
        expect(bytesOfBase64Url(base64UrlOf(bytes))).toEqual(bytes);
      }),
    );
    for (const text of ['A', 'AB', 'AA=', 'A+A', 'A/AA', 'AA A']) expect(bytesOfBase64Url(text)).toBeUndefined();
  });
});
