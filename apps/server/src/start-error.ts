/** Something about the surroundings keeps a command from working; the message is a sentence for the person at the terminal. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
