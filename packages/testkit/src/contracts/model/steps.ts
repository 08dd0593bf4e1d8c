import fc from 'fast-check';

/** Numbers stand for people (0 to 2), their devices (3: the second one of person 0) and conversations (0 group, 1 channel, 2 direct). */
const person = fc.nat({ max: 2 });
const device = fc.nat({ max: 3 });
const conversation = fc.nat({ max: 2 });
const withMembers = fc.nat({ max: 1 });
/** Below 12: one of the messages that are there, counted from the first again and again; from 12 on: that seq, whatever it is. */
const target = fc.nat({ max: 13 });
/** How far behind the head; below 0: beyond it. */
const behind = fc.integer({ min: -1, max: 9 });

const type = <Name extends string>(name: Name) => fc.constant(name);

/** One verb of the stores with its arguments. Talk is more frequent than changes of members, as in life. */
const step = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({ type: type('send'), device, conversation, replyTo: fc.option(target, { freq: 3 }) }),
  },
  { weight: 2, arbitrary: fc.record({ type: type('repeat'), index: fc.nat({ max: 100 }) }) },
  { weight: 5, arbitrary: fc.record({ type: type('edit'), device, conversation, target }) },
  { weight: 2, arbitrary: fc.record({ type: type('delete'), device, conversation, target }) },
  {
    weight: 6,
    arbitrary: fc.record({
      type: type('react'),
      device,
      conversation,
      target,
      emoji: fc.constantFrom('👍', '🎉'),
      action: fc.constantFrom('added', 'removed'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: type('hide'), person, conversation, target }) },
  {
    weight: 4,
    arbitrary: fc.record({
      type: type('move'),
      person,
      conversation,
      kind: fc.constantFrom('delivered', 'read'),
      behind,
      shared: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: type('add'), actor: person, person, conversation: withMembers }) },
  { weight: 1, arbitrary: fc.record({ type: type('remove'), actor: person, person, conversation: withMembers }) },
  { weight: 1, arbitrary: fc.record({ type: type('leave'), person, conversation: withMembers }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: type('role'),
      actor: person,
      person,
      conversation: withMembers,
      role: fc.constantFrom('owner', 'admin', 'member'),
    }),
  },
);

export const steps = fc.array(step, { minLength: 1, maxLength: 150, size: 'max' });
export type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;
