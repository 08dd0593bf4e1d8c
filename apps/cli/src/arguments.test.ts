import { describe, expect, it } from 'vitest';
import { readChatArguments } from './arguments.ts';
import { terminalEnvironment } from './config.ts';

describe('the arguments of chat', () => {
  it('have defaults for a server on this machine', () => {
    expect(readChatArguments([])).toEqual({ url: 'http://localhost:8080', profile: 'default' });
  });

  it('name a server by its address, whatever stands behind it', () => {
    expect(readChatArguments(['--url', 'https://chat.example/app?x=1', '--as=anna_2'])).toEqual({
      url: 'https://chat.example',
      profile: 'anna_2',
    });
  });

  it('ask for help before anything else is read', () => {
    expect(readChatArguments(['--help', '--url', 'nonsense'])).toBe('help');
  });

  it.each([
    [['--url', 'chat.example'], '--url must be an address'],
    [['--url', 'file:///etc/passwd'], '--url must be an address'],
    [['--as', '../other'], '--as takes 1 to 40 letters'],
    [['--as', ''], '--as takes 1 to 40 letters'],
    [['--as', 'x'.repeat(41)], '--as takes 1 to 40 letters'],
    [['--colour', 'red'], '--colour'],
    [['anna'], 'anna'],
  ])('%j are refused with a sentence', (args, sentence) => {
    expect(() => readChatArguments(args)).toThrow(sentence);
  });
});

describe('the environment of a terminal', () => {
  it('names where state is kept, an empty name being none', () => {
    expect(terminalEnvironment({ XDG_STATE_HOME: '/state' }).stateHome).toBe('/state');
    expect(terminalEnvironment({ XDG_STATE_HOME: '' }).stateHome).toBeUndefined();
    expect(terminalEnvironment({}).stateHome).toBeUndefined();
  });
});
