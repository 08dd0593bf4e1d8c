/** The sign of the app: two people's words that meet. */
export function Mark({ size }: { size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 64 64" aria-hidden="true" focusable="false">
      <rect width="64" height="64" rx="17" fill="#0d5c63" />
      <path d="M14 18h22a8 8 0 0 1 8 8v2H30a10 10 0 0 0-10 10v2l-6 5z" fill="#f6f2ec" />
      <path d="M30 32h14a8 8 0 0 1 8 8v14l-8-6H30a6 6 0 0 1-6-6v-4a6 6 0 0 1 6-6z" fill="#f0b549" />
    </svg>
  );
}
