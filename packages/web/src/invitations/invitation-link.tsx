import { Check, Copy, Share2 } from 'lucide-react';
import { useState } from 'react';
import { copyText } from '../app/copy-text.ts';
import { usePlace } from '../app/place.ts';
import { Button } from '../design/button.tsx';
import { Field } from '../design/field.tsx';
import { useText } from '../i18n/use-text.ts';
import { QrCode } from './qr-code.tsx';

/** Where others join: to scan from this screen, to copy, to share. */
export function InvitationLink({ address }: { address: string }) {
  const text = useText();
  const { name } = usePlace();
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await copyText(address);
    setCopied(true);
  };
  // Whoever closes the system's sheet has changed their mind, which is no mistake.
  const share = () => void navigator.share({ title: name, url: address }).catch(() => undefined);
  return (
    <div className="invitation-link">
      <QrCode content={address} label={text('invite.code', { address })} />
      <Field label={text('invite.address')} value={address} readOnly onFocus={(event) => event.target.select()} />
      <div className="dialog-actions">
        {'share' in navigator && (
          <Button onClick={share}>
            <Share2 size={18} />
            {text('invite.share')}
          </Button>
        )}
        <Button look="primary" onClick={() => void copy()}>
          {isCopied ? <Check size={18} /> : <Copy size={18} />}
          {text(isCopied ? 'copied' : 'invite.copy')}
        </Button>
        <span className="hidden-visually" role="status">
          {isCopied && text('copied')}
        </span>
      </div>
    </div>
  );
}
