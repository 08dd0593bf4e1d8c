import { createAccount, eraseAccount, setAdmin, touchLastSeen, updateAccount } from './verbs/accounts.ts';
import { addMembers } from './verbs/add-members.ts';
import { append } from './verbs/append.ts';
import { changeRole } from './verbs/change-role.ts';
import { changeSettings } from './verbs/change-settings.ts';
import { createConversation } from './verbs/create-conversation.ts';
import { createDevice, revokeDevice, rotateToken } from './verbs/devices.ts';
import { eraseNext } from './verbs/erase-next.ts';
import { hideMessage } from './verbs/hide-message.ts';
import { putKeys, takeKeys } from './verbs/keys.ts';
import { look } from './verbs/look.ts';
import { acknowledgeMailbox, putMailbox } from './verbs/mailbox.ts';
import { moveCursors } from './verbs/move-cursors.ts';
import { decidePlace, giveInvitationBack, invite, redeemInvitation, withdrawInvitation } from './verbs/place.ts';
import { probe } from './verbs/probe.ts';
import { removeMember } from './verbs/remove-member.ts';
import { renewWal } from './verbs/renew-wal.ts';
import { settleAll } from './verbs/settle-all.ts';
import { settleSome } from './verbs/settle-some.ts';
import { updateConversation } from './verbs/update-conversation.ts';

/** Everything that the writer thread does: each verb is one atomic step of a port. */
export const VERBS = {
  acknowledgeMailbox,
  addMembers,
  append,
  changeRole,
  changeSettings,
  createAccount,
  createConversation,
  createDevice,
  decidePlace,
  eraseAccount,
  eraseNext,
  giveInvitationBack,
  hideMessage,
  invite,
  look,
  moveCursors,
  probe,
  putKeys,
  putMailbox,
  redeemInvitation,
  removeMember,
  renewWal,
  revokeDevice,
  rotateToken,
  takeKeys,
  setAdmin,
  settleAll,
  settleSome,
  touchLastSeen,
  updateAccount,
  updateConversation,
  withdrawInvitation,
} as const;

export type Verbs = typeof VERBS;

/** Verbs that neither read nor change what follows from the entries of logs. Before every other one all entries are settled; `append` sees to it itself. */
export const APART_FROM_LOGS: ReadonlySet<keyof Verbs> = new Set([
  'acknowledgeMailbox',
  'append',
  'createDevice',
  'probe',
  'putKeys',
  'putMailbox',
  'rotateToken',
  'settleSome',
  'takeKeys',
  'touchLastSeen',
]);
