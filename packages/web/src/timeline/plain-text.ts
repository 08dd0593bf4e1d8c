/** A message in one line without its Markdown: for previews, quotes and notifications. */
export function plainText(text: string): string {
  return text
    .slice(0, 500)
    .replace(/^ {0,3}(?:>+ ?|[-*+] |```\w*|~~~\w*)/gm, '')
    .replace(/(\*\*|__|~~|`)(?=\S)([\s\S]*?\S)\1/g, '$2')
    .replace(/(?<![\w*])\*(?=\S)([^*\n]*\S)\*(?![\w*])/g, '$1')
    .replace(/\[([^\]\n]+)\]\(\S+?\)/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
}
