import type { StoppedReason } from '@parley/client';
import { useEffect, useState } from 'react';
import { useChat, useSelected } from '../app/chat.ts';
import { useStatus } from '../app/state-hooks.ts';
import { useNow } from '../app/use-now.ts';
import { Button } from '../design/button.tsx';
import { useText } from '../i18n/use-text.ts';
import './connection.css';
import { connectionWords, nextTry } from './connection-words.ts';
import { useOnline } from './use-online.ts';

/** A short break is nobody's business: the line appears when it lasts longer. */
const QUIET_MS = 1_500;

/** Tells in plain words how it stands with the connection and what happens to what is written meanwhile. Nothing while all is well. */
export function ConnectionLine({ isAlone = false }: { readonly isAlone?: boolean }) {
  const text = useText();
  const status = useStatus();
  const isOnline = useOnline();
  const now = useNow(1_000);
  const isBroken = useLasting(status.kind !== 'live' || !isOnline, isAlone ? 0 : QUIET_MS);
  const words = connectionWords(status, isOnline, text);
  const waiting = useSelected((state) => state.outbox.filter((row) => row.state.kind === 'pending').length);
  const isShown = isBroken && words !== null;
  const isTryingAgain = isShown && status.kind === 'waiting';
  // The live region is always there and holds nothing that changes by itself: a reader hears what happened, once.
  return (
    <div className={isShown ? 'connection-line' : ''} data-kind={status.kind}>
      {isShown && <span className="connection-dot" />}
      <span>
        <span role="status">
          {isShown && words}
          {isShown && waiting > 0 && ` ${text('connection.waitingMessages', { count: waiting })}`}
        </span>
        {isTryingAgain && isOnline && <> {nextTry(status, now, text)}</>}
      </span>
      {isTryingAgain && <RetryButton />}
      {isShown && status.kind === 'stopped' && <WayOut reason={status.reason} />}
    </div>
  );
}

/** Nothing happens by itself any more: what helps is one press away. */
function WayOut({ reason }: { readonly reason: StoppedReason }) {
  const text = useText();
  const chat = useChat();
  const isLoggedOut = reason === 'signed_out' || reason === 'DEVICE_REVOKED' || reason === 'ACCOUNT_DELETED';
  return isLoggedOut ? (
    <Button look="quiet" onClick={() => void chat.logout()}>
      {text('signIn.logIn')}
    </Button>
  ) : (
    <Button look="quiet" onClick={() => location.reload()}>
      {text('broken.reload')}
    </Button>
  );
}

function RetryButton() {
  const text = useText();
  const chat = useChat();
  return (
    <Button look="quiet" onClick={() => chat.networkChanged(true)}>
      {text('connection.retryNow')}
    </Button>
  );
}

/** True when the claim has held for so long. */
function useLasting(claim: boolean, forMs: number): boolean {
  const [hasLasted, setLasted] = useState(claim && forMs === 0);
  useEffect(() => {
    if (!claim) return setLasted(false);
    const timer = setTimeout(() => setLasted(true), forMs);
    return () => clearTimeout(timer);
  }, [claim, forMs]);
  return hasLasted;
}
