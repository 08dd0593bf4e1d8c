// First of all: its first account is the first of the server.
import './chapters/accounts.ts';
import './chapters/conversations.ts';
import './chapters/keys.ts';
import './chapters/presence.ts';
