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
import { acknowledgeMailbox, putMailbox } from './verbs/mailbox.ts';
import { moveCursors } from './verbs/move-cursors.ts';
import { decidePlace, giveInvitationBack, invite, redeemInvitation, withdrawInvitation } from './verbs/place.ts';
import { probe } from './verbs/probe.ts';
import { removeMember } from './verbs/remove-member.ts';
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
  moveCursors,
  probe,
  putKeys,
  putMailbox,
  redeemInvitation,
  removeMember,
  revokeDevice,
  rotateToken,
  takeKeys,
  setAdmin,
  touchLastSeen,
  updateAccount,
  updateConversation,
  withdrawInvitation,
} as const;

export type Verbs = typeof VERBS;
