/** What a typed line means. Numbers name messages by the place shown beside them. */
export type TypedCommand =
  | { readonly kind: 'say'; readonly text: string }
  | { readonly kind: 'older' | 'who' }
  | { readonly kind: 'help' | 'list' | 'quit' | 'devices' }
  | { readonly kind: 'open'; readonly target: string }
  | { readonly kind: 'group'; readonly name: string; readonly usernames: readonly string[] }
  | { readonly kind: 'reply'; readonly seq: number; readonly text: string }
  | { readonly kind: 'edit'; readonly seq: number; readonly text: string }
  | { readonly kind: 'delete'; readonly seq: number; readonly scope: 'everyone' | 'me' }
  | { readonly kind: 'react'; readonly seq: number; readonly emoji: string }
  | { readonly kind: 'retry' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unclear'; readonly sentence: string };

export const HELP = [
  '/list                    conversations',
  '/open NAME or NUMBER     open a conversation, or start one with a username',
  '/group NAME: A, B        start a group with people',
  '/older                   earlier messages',
  '/reply N text            answer message N',
  '/edit N text             change an own message',
  '/delete N [me]           delete for everyone, or for yourself',
  '/react N emoji           react',
  '/who                     who has the last own message, who has read it',
  '/retry                   send again what was refused',
  '/devices                 devices of this account',
  '/quit                    leave; what waits is sent next time',
] as const;

const numbered = (rest: string): { seq: number; text: string } | undefined => {
  const match = /^#?(\d+)\s*(.*)$/s.exec(rest);
  return match === null ? undefined : { seq: Number(match[1]), text: (match[2] ?? '').trim() };
};

/** A line that begins with a slash is a command (two slashes: a text that begins with one); anything else is said. */
export function readTypedCommand(line: string): TypedCommand {
  const text = line.trim();
  if (text === '') return { kind: 'nothing' };
  if (!text.startsWith('/')) return { kind: 'say', text: line.trimEnd() };
  if (text.startsWith('//')) return { kind: 'say', text: text.slice(1) };
  const [word = '', rest = ''] = text.slice(1).split(/\s+(.*)/s);
  const target = numbered(rest);
  switch (word) {
    case 'help':
    case 'list':
    case 'older':
    case 'who':
    case 'devices':
    case 'retry':
    case 'quit':
      return { kind: word };
    case 'open':
      return rest === ''
        ? { kind: 'unclear', sentence: 'Open what? /open NAME, or the number from /list.' }
        : { kind: 'open', target: rest };
    case 'group': {
      const [name = '', people = ''] = rest.split(/:(.*)/s);
      const usernames = people
        .split(',')
        .map((person) => person.trim())
        .filter((person) => person !== '');
      if (name.trim() === '' || usernames.length === 0)
        return { kind: 'unclear', sentence: 'Write it like this: /group Garden party: anna, ben' };
      return { kind: 'group', name: name.trim(), usernames };
    }
    case 'reply':
    case 'edit':
      if (target === undefined || target.text === '')
        return { kind: 'unclear', sentence: `Write it like this: /${word} 12 the text` };
      return { kind: word, ...target };
    case 'delete':
      if (target === undefined)
        return { kind: 'unclear', sentence: 'Delete which one? /delete 12, or /delete 12 me for yourself only.' };
      return { kind: 'delete', seq: target.seq, scope: target.text === 'me' ? 'me' : 'everyone' };
    case 'react':
      if (target === undefined || target.text === '')
        return { kind: 'unclear', sentence: 'Write it like this: /react 12 👍' };
      return { kind: 'react', seq: target.seq, emoji: target.text };
    default:
      return { kind: 'unclear', sentence: `There is no command /${word}; /help lists them.` };
  }
}
