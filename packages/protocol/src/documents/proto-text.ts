import { COMMAND_OPTIONS, SERVER_FRAME_OPTIONS } from '../codec/binary-codec.ts';
import type { FieldLayout, MessageLayout, ValueLayout } from '../codec/message-layout.ts';

type Options = typeof COMMAND_OPTIONS;

const ENCODINGS: Partial<Record<ValueLayout['kind'], string>> = {
  id: 'the number behind the 13 base-32 digits',
  conversation: '8 bytes group · 0x01 and 8 bytes channel · 16 bytes direct, big-endian',
  uuid: '16 bytes',
  base64: 'the bytes that JSON carries as base64url',
};

/** A `.proto` file of the binary frames, printed from the layouts that the codec itself uses, for clients in other languages. */
export function protoText(): string {
  const messages = new Map<string, string>();
  const envelope = (name: string, options: Options, prefix: string): void => {
    const lines = options.map(({ number, layout }) => {
      addMessage(layout, prefix);
      return `    ${prefix}${layout.name} ${layout.typeLiteral} = ${number};`;
    });
    messages.set(name, `message ${name} {\n  oneof frame {\n${lines.join('\n')}\n  }\n}`);
  };

  const addMessage = (layout: MessageLayout, prefix: string): void => {
    const name = `${prefix}${layout.name}`;
    if (messages.has(name)) return;
    messages.set(name, '');
    const lines = layout.fields.map((field) => fieldLine(field, name, prefix));
    messages.set(name, `message ${name} {\n${lines.join('\n')}\n}`);
  };

  const fieldLine = (field: FieldLayout, owner: string, prefix: string): string => {
    const type = typeName(field.value, owner, field.name, prefix);
    const isMessage = field.value.kind === 'message' || field.value.kind === 'oneof';
    const label = field.repeated ? 'repeated ' : field.absent === 'zero' || isMessage ? '' : 'optional ';
    const packed =
      field.repeated && ['varint', 'id', 'bool', 'enum'].includes(field.value.kind) ? ' [packed = false]' : '';
    const remark = ENCODINGS[field.value.kind];
    return `  ${label}${type} ${field.name} = ${field.number}${packed};${remark === undefined ? '' : `  // ${remark}`}`;
  };

  const typeName = (value: ValueLayout, owner: string, fieldName: string, prefix: string): string => {
    switch (value.kind) {
      case 'text':
        return 'string';
      case 'varint':
        return 'uint64';
      case 'bool':
        return 'bool';
      case 'id':
        return 'fixed64';
      case 'conversation':
      case 'uuid':
      case 'base64':
        return 'bytes';
      case 'enum':
        return addEnum(`${owner}_${fieldName}`, value.values);
      case 'message': {
        // Nested objects of the same name differ by owner where their fields differ (two receipts, say); the owner keeps names unique.
        const nestedPrefix = `${owner}_`;
        addMessage(value.layout, nestedPrefix);
        return `${nestedPrefix}${value.layout.name}`;
      }
      case 'oneof':
        envelope(`${owner}_${fieldName}`, [...value.options], prefix);
        return `${owner}_${fieldName}`;
    }
  };

  const addEnum = (name: string, values: readonly string[]): string => {
    const lines = values.map((value, index) => `  ${name}_${value} = ${index};`);
    messages.set(name, `enum ${name} {\n${lines.join('\n')}\n}`);
    return name;
  };

  envelope('Command', COMMAND_OPTIONS, 'Command');
  envelope('ServerFrame', SERVER_FRAME_OPTIONS, '');
  return `// Parley, subprotocol parley.v1.pb. Each WebSocket message is one Command (client) or one ServerFrame (server).\nsyntax = "proto3";\npackage parley.v1;\n\n${[...messages.values()].join('\n\n')}\n`;
}
