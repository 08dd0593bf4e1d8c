import { describe, expect, it } from 'vitest';
import { readTypedCommand } from './typed-command.ts';

describe('typed lines', () => {
  it('are said as they are unless they begin with a slash', () => {
    expect(readTypedCommand('Hello there ')).toEqual({ kind: 'say', text: 'Hello there' });
    expect(readTypedCommand('//etc is a folder')).toEqual({ kind: 'say', text: '/etc is a folder' });
    expect(readTypedCommand('   ')).toEqual({ kind: 'nothing' });
  });

  it('name messages by number, with or without a hash', () => {
    expect(readTypedCommand('/reply #12 yes')).toEqual({ kind: 'reply', seq: 12, text: 'yes' });
    expect(readTypedCommand('/edit 3 better words')).toEqual({ kind: 'edit', seq: 3, text: 'better words' });
    expect(readTypedCommand('/delete 4')).toEqual({ kind: 'delete', seq: 4, scope: 'everyone' });
    expect(readTypedCommand('/delete 4 me')).toEqual({ kind: 'delete', seq: 4, scope: 'me' });
    expect(readTypedCommand('/react 5 👍')).toEqual({ kind: 'react', seq: 5, emoji: '👍' });
  });

  it('start groups with a name and people', () => {
    expect(readTypedCommand('/group Garden party: anna, ben ,')).toEqual({
      kind: 'group',
      name: 'Garden party',
      usernames: ['anna', 'ben'],
    });
  });

  it('that make no sense are answered with how to write them', () => {
    for (const line of ['/reply', '/reply 3', '/edit x', '/delete', '/react 3', '/group lonely', '/open', '/dance']) {
      expect(readTypedCommand(line)).toMatchObject({ kind: 'unclear' });
    }
  });
});
