// What the browser has and the type library does not know yet, and what the bundler adds.

declare module '*.css' {}

interface ImportMeta {
  /** Vite: DEV is true in the development server only. */
  readonly env: { readonly DEV: boolean };
}

/** https://www.w3.org/TR/trusted-types/ */
interface Window {
  readonly trustedTypes?: {
    createPolicy(
      name: string,
      rules: { createScriptURL(input: string): string },
    ): { createScriptURL(input: string): string };
  };
}

/** A part of a catalogue (compile-catalogues.ts). */
declare module '*?first' {
  export const firstWords: Readonly<Record<string, import('@lingui/core').MessageDescriptor['message'] & {}>>;
}
