import { expect, it } from 'vitest';
import { helpOf } from './help.ts';

it.each(['serve', 'doctor', 'audit', 'backup', 'restore'])(
  '%s has a help that begins with how it is written',
  (verb) => {
    expect(helpOf(verb)).toMatch(new RegExp(`^parley ${verb} .+\\n\\n[^]+\\n$`));
  },
);

it('the help of serve lists its options', () => {
  expect(helpOf('serve')).toContain('--registration');
});

it('has no help for a verb that it does not know', () => {
  expect(helpOf('dance')).toBeUndefined();
});
