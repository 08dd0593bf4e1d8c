/** What is said before anybody is logged in: the rest of a language is read while the rest of the app is. */
export const isFirstWord = (id: string): boolean => /^(?:signIn|connection|problem|broken|loading)(?:\.|$)/.test(id);
