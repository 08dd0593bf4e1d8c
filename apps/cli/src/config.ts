export interface TerminalEnvironment {
  /** XDG_STATE_HOME; undefined: ~/.local/state. */
  readonly stateHome: string | undefined;
}

/** What the terminal's environment decides. */
export const terminalEnvironment = (
  environment: Readonly<Record<string, string | undefined>> = process.env,
): TerminalEnvironment => ({
  stateHome: environment.XDG_STATE_HOME === '' ? undefined : environment.XDG_STATE_HOME,
});
