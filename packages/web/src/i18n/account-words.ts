/** What is said of one's own account, in both languages side by side. */

export const accountInEnglish = {
  'account.changePassword': 'Change password',
  'account.currentPassword': 'Current password',
  'account.delete': 'Delete account',
  'account.deleteHint':
    'You leave every conversation, and your profile, devices and keys are erased. What you wrote is erased for everyone; its places stay, under “Deleted user”. This cannot be undone.',
  'account.deleteTitle': 'Delete your account?',
  'account.download': 'Download everything',
  'account.export': 'Your data',
  'account.exportHint':
    'Your profile, devices, conversations and every message you can see, as one file of JSON lines.',
  'account.logOut': 'Log out',
  'account.logOutHint': 'Removes your messages from this browser. They stay on the server and on your other devices.',
  'account.newPassword': 'New password',
  'account.onlyAdminAlone':
    'You are the only person here, and a place cannot be without an administrator. To erase this account and everything else here, stop the server and remove its data folder. If others should go on, invite somebody and make them an administrator first.',
  'account.onlyAdminHint':
    'You are the only administrator, and a place cannot be without one. Choose who becomes one now; after that you can still change your mind.',
  'account.onlyAdminTitle': 'Who looks after {place} after you?',
  'account.password': 'Password',
  'account.passwordHint': 'Your other devices are logged out when it changes.',
} as const;

export const accountInGerman: Readonly<Record<keyof typeof accountInEnglish, string>> = {
  'account.changePassword': 'Passwort ändern',
  'account.currentPassword': 'Jetziges Passwort',
  'account.delete': 'Konto löschen',
  'account.deleteHint':
    'Du verlässt alle Unterhaltungen; Profil, Geräte und Schlüssel werden gelöscht. Was du geschrieben hast, wird für alle gelöscht; die Stellen bleiben, unter „Gelöschtes Konto“. Das lässt sich nicht rückgängig machen.',
  'account.deleteTitle': 'Dein Konto löschen?',
  'account.download': 'Alles herunterladen',
  'account.export': 'Deine Daten',
  'account.exportHint': 'Profil, Geräte, Unterhaltungen und alle sichtbaren Nachrichten als Datei aus JSON-Zeilen.',
  'account.logOut': 'Abmelden',
  'account.logOutHint':
    'Entfernt deine Nachrichten aus diesem Browser. Auf dem Server und deinen anderen Geräten bleiben sie.',
  'account.newPassword': 'Neues Passwort',
  'account.onlyAdminAlone':
    'Außer dir ist niemand hier, und ohne jemanden, der ihn verwaltet, geht es an einem Ort nicht. Um dieses Konto und alles andere hier zu löschen, halte den Server an und entferne seinen Datenordner. Sollen andere weitermachen, lade zuerst jemanden ein und lass ihn den Ort verwalten.',
  'account.onlyAdminHint':
    'Nur du verwaltest diesen Ort, und ohne jemanden geht es nicht. Wähle, wer es von jetzt an darf; danach kannst du es dir noch anders überlegen.',
  'account.onlyAdminTitle': 'Wer verwaltet {place} nach dir?',
  'account.password': 'Passwort',
  'account.passwordHint': 'Wenn es sich ändert, werden deine anderen Geräte abgemeldet.',
};
