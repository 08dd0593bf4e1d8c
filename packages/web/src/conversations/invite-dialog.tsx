import { useEffect, useRef, useState } from 'react';
import { encode } from 'uqr';
import { Button } from '../design/button.tsx';
import { Dialog, DialogActions } from '../design/dialog.tsx';
import { Field } from '../design/field.tsx';
import { useText } from '../i18n/use-text.ts';
import './invite-dialog.css';

/** The address where others join, to copy or to scan. */
export function InviteDialog({ onClose }: { onClose(): void }) {
  const text = useText();
  const address = `${location.origin}/join`;
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(address);
    setCopied(true);
  };
  return (
    <Dialog title={text('invite.title')} description={text('invite.hint')} onClose={onClose}>
      <QrCode content={address} label={text('invite.code', { address })} />
      <Field label={text('invite.address')} value={address} readOnly onFocus={(event) => event.target.select()} />
      <DialogActions>
        <Button look="primary" onClick={() => void copy()}>
          {text(isCopied ? 'copied' : 'copy')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

/** Dark on light in both themes, as cameras expect it. */
function QrCode({ content, label }: { content: string; label: string }) {
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
