import { useEffect, useRef } from 'react';
import { encode } from 'uqr';

/** Dark on light in both themes, as cameras expect it. */
export function QrCode({ content, label }: { content: string; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (context === null || context === undefined) return;
    const { data, size } = encode(content, { border: 2 });
    context.canvas.width = size;
    context.canvas.height = size;
    context.fillStyle = '#fff';
    context.fillRect(0, 0, size, size);
    context.fillStyle = '#1c2526';
    data.forEach((row, y) => row.forEach((isDark, x) => isDark && context.fillRect(x, y, 1, 1)));
  }, [content]);
  return <canvas ref={canvas} className="qr-code" role="img" aria-label={label} />;
}
