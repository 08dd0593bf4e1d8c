import type { CodeSender } from '@parley/core';

/**
 * Shows login codes to whoever runs the server, on its terminal, where no way to send text messages is set up. They bypass the log on purpose: log files
 * hold no secrets.
 */
export const consoleCodeSender: CodeSender = {
  send(phone, code) {
    process.stdout.write(
      `Login code for ${phone}: ${code} (valid for 5 minutes; shown here because no text-message service is set up)\n`,
    );
    return Promise.resolve();
  },
};
