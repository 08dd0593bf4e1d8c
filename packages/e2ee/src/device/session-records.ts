import type { DeviceAddress } from '../identity/device-address.ts';
import { EMPTY_RECORD, type SessionRecord } from '../session/session-record.ts';
import { readSessionRecord, writeSessionRecord } from '../session/session-record-codec.ts';
import { recordNames } from '../store/record-names.ts';
import type { RecordName } from '../store/session-store.ts';
import { DamagedStateError } from '../store/state-vault.ts';
import type { DurableStep } from './durable-step.ts';

export async function readSession(step: DurableStep, peer: DeviceAddress): Promise<SessionRecord> {
  return (await readParsed(step, recordNames.session(peer), readSessionRecord)) ?? EMPTY_RECORD;
}

export function writeSession(step: DurableStep, peer: DeviceAddress, record: SessionRecord): void {
  step.write(recordNames.session(peer), writeSessionRecord(record));
}

/** `undefined`: there is no such record. Throws `DamagedStateError` when there is one that does not parse. */
export async function readParsed<Value>(
  step: DurableStep,
  name: RecordName,
  parse: (bytes: Uint8Array) => Value | undefined,
): Promise<Value | undefined> {
  const bytes = await step.read(name);
  if (bytes === undefined) return undefined;
  const value = parse(bytes);
  if (value === undefined) throw new DamagedStateError(name);
  return value;
}
