/** What is said when something could not be done, in both languages side by side. */

export const problemsInEnglish = {
  'problem.changedMeanwhile': 'This has changed in the meantime. Look again, then try once more.',
  'problem.forbidden': 'You may not do this here. Somebody may have changed your role.',
  'problem.gone': 'The message was deleted meanwhile.',
  'problem.identifierTaken': 'Somebody already uses this username. Choose another one.',
  'problem.invalid': 'The server does not accept this. Nothing was changed; look at what you entered.',
  'problem.invitationSpent': 'This invitation is used up, expired or withdrawn. Ask whoever sent it for a new link.',
  'problem.lastAdmin': 'The server needs an administrator. Appoint another one first.',
  'problem.lastOwner': 'A conversation needs an owner. Name another one first.',
  'problem.noSpace': 'there is no space left for this browser',
  'problem.notFound': 'This is no longer there, or it is not yours to see.',
  'problem.notUnderstood': 'This page and the server do not understand each other. Reload the page and try again.',
  'problem.outboxFull': 'too many messages are waiting to be sent',
  'problem.rateLimited': 'That was too often in a short time. Nothing was done; wait a little and try again.',
  'problem.serverFailing': 'The server cannot do this at the moment. Nothing was changed; try again in a while.',
  'problem.signedOut': 'This device was logged out. Log in again.',
  'problem.tooLarge': 'This is more than the server takes at once.',
  'problem.tooManyMembers': 'That would be more people than this conversation may have.',
  'problem.tooOld': 'The message is too old to be changed.',
  'problem.unreachable': 'The server did not answer. Check your connection and try again.',
  'problem.unreadable': 'What answered is not this chat’s server. If you are in a guest network, log in there first.',
  'problem.wrongCredentials': 'The name or the password is wrong.',
  'problem.wrongPassword': 'The password is wrong.',
} as const;

export const problemsInGerman: Readonly<Record<keyof typeof problemsInEnglish, string>> = {
  'problem.changedMeanwhile': 'Das hat sich inzwischen geändert. Sieh noch einmal nach und versuche es dann wieder.',
  'problem.forbidden': 'Das darfst du hier nicht. Vielleicht hat jemand deine Rolle geändert.',
  'problem.gone': 'Die Nachricht wurde inzwischen gelöscht.',
  'problem.identifierTaken': 'Diesen Benutzernamen gibt es schon. Wähle einen anderen.',
  'problem.invalid': 'Der Server nimmt das so nicht an. Nichts wurde geändert; prüfe, was du eingegeben hast.',
  'problem.invitationSpent':
    'Diese Einladung ist aufgebraucht, abgelaufen oder zurückgezogen. Bitte den, der sie geschickt hat, um einen neuen Link.',
  'problem.lastAdmin': 'Der Server braucht jemanden, der ihn verwaltet. Ernenne zuerst jemand anderen.',
  'problem.lastOwner': 'Eine Unterhaltung braucht einen Besitzer. Bestimme zuerst einen anderen.',
  'problem.noSpace': 'für diesen Browser ist kein Platz mehr frei',
  'problem.notFound': 'Das gibt es nicht mehr, oder es ist nicht für dich bestimmt.',
  'problem.notUnderstood':
    'Diese Seite und der Server verstehen sich nicht. Lade die Seite neu und versuche es wieder.',
  'problem.outboxFull': 'zu viele Nachrichten warten schon auf das Senden',
  'problem.rateLimited': 'Das war zu oft in kurzer Zeit. Nichts ist geschehen; warte ein wenig und versuche es wieder.',
  'problem.serverFailing': 'Der Server kann das gerade nicht. Nichts wurde geändert; versuche es später wieder.',
  'problem.signedOut': 'Dieses Gerät wurde abgemeldet. Melde dich wieder an.',
  'problem.tooLarge': 'Das ist mehr, als der Server auf einmal annimmt.',
  'problem.tooManyMembers': 'Das wären mehr Leute, als diese Unterhaltung haben darf.',
  'problem.tooOld': 'Die Nachricht ist zu alt, um geändert zu werden.',
  'problem.unreachable': 'Der Server hat nicht geantwortet. Prüfe die Verbindung und versuche es wieder.',
  'problem.unreadable':
    'Was geantwortet hat, ist nicht der Server dieses Chats. In einem Gastnetz melde dich dort zuerst an.',
  'problem.wrongCredentials': 'Name oder Passwort stimmt nicht.',
  'problem.wrongPassword': 'Das Passwort ist falsch.',
};
