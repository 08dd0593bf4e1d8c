import { parseArgs } from 'node:util';

export interface ChatArguments {
  /** Origin of the server. */
  readonly url: string;
  /** Name of the profile on this machine: one device each. */
  readonly profile: string;
}

export const CHAT_HELP = `parley chat [--url http://localhost:8080] [--as profile]

  --url   the server
  --as    a profile of this machine; each is a device of its own, so two terminals can be two people`;

/** @throws Error with a sentence when an argument makes no sense. */
export function readChatArguments(args: readonly string[]): ChatArguments | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      url: { type: 'string', default: 'http://localhost:8080' },
      as: { type: 'string', default: 'default' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  if (!URL.canParse(values.url) || !/^https?:$/.test(new URL(values.url).protocol))
    throw new Error(`--url must be an address such as http://localhost:8080, not "${values.url}".`);
  if (!/^[a-z0-9_-]{1,40}$/i.test(values.as))
    throw new Error('--as takes 1 to 40 letters, digits, dashes and underscores.');
  return { url: new URL(values.url).origin, profile: values.as };
}
