/**
 * The tables of one store, as they are after the last step. All are STRICT. Ids of users, devices and messages are their 63-bit numbers; a conversation has a small surrogate number because
 * its text id (17 to 31 characters) would stand in every row of its log.
 *
 * meta            one row: `epoch` (void positions after a restore), `writer_epoch` (raised by each opening: fences an older writer, S7) and `settled_entry` (up to this entry of the
 *                 log all that follows is written: its place, the head, the cursors of its author; see writer/settle.ts).
 * account         by user_id. `*_key` are the identifiers in lower case, unique; NULL when absent. `privacy` is JSON.
 * account_word    (word, user_id): username, whole name and each tail of the name that begins with a word, lower case: the prefix search of people.
 * device          by device_id; by user. `mailbox_head` is the last seq given in its mailbox; `generation` counts the exchanges of its refresh token.
 * refresh_token   by digest: every token of a device until it expires. Good: those of the device's `generation`, and the exchanged one of the generation before. All others betray theft (AUTH-3).
 * key_bundle      by device_id: the public keys, JSON.   one_time_key  (device_id, place): keys not yet handed out, in the order of arrival.
 * mailbox         (device_id, seq): items not yet acknowledged.   mailbox_put  (sender_device_id, client_msg_id): requests already stored (BOX-2).
 * conversation    by surrogate; unique text id. `channel_key`: name in lower case of a public channel, else NULL: the search of channels.
 * creation        (creator_id, client_msg_id): idempotency of creating.
 * head            by surrogate: what each append changes, apart from `conversation` so that it dirties a small page. `message_seq`: the last message.
 * log             by `entry`, in the order of writing, so that the messages of one commit, whatever their conversations, lie side by side on few pages: pages are
 *                 what a commit costs. `body`: text, sealed payload (BLOB) or emoji; `data`: JSON of the other fields, NULL when there are none. Rows never change,
 *                 but erasing sets body and data of a deleted message and of its edits to NULL and the fingerprint to zeros. `fingerprint`: NULL where the
 *                 row itself tells all that was asked.
 *   log_key       (client_msg_id, device_id, conversation), unique: the idempotency key, kept as long as the entry (S3). The message id comes first because
 *                 UUIDs that begin with the time (version 7) are then written side by side as well.
 *   log_edit      (conversation, target) of edits only: what a deletion has to erase.
 * log_place       (conversation, seq): where an entry of a conversation lies in the log. Each busy conversation has a page of its own here, so a row with every message
 *                 would be a page with every message, nearly all that a commit writes.
 *   conversation_log    view: the log as far as it is settled, to be read by conversation and seq.
 * amendment       (conversation, seq) of a message that was edited, reacted to or deleted: its present state apart from reactions. `edit_seq`: the entry
 *                 with the present content; `state_seq`: the last entry folded in.
 * reaction        (conversation, seq, emoji, user_id); `added_seq` orders the emoji of a message by their first use.
 * membership      (conversation, user_id). `in_crowd`: 1 at least when the conversation has more than CROWD_MEMBERS members. `took_part`: the member made the
 *                 conversation or has written in it.
 *   membership_delivered, membership_shared_read: the smallest cursor of a crowd in one seek. The members of other conversations lie side by side on a page or
 *                 two and are looked through: each message moves its author's cursors, and two index pages for it would be a third of all that a commit writes.
 *   membership_of_user  (user_id): the conversations of a user.
 * hidden          (conversation, user_id, seq): "deleted for me"; goes with the membership.
 * user_log        (user_id, seq). `subject`: what a later entry of the same type supersedes (the conversation, 0 for the profile), NULL: never superseded. The
 *                 newest entry always stays, therefore the head is the largest seq. Nothing of a deleted user stays.
 * erasure         (user_id, conversation): what is left to erase of a deleted user's messages, the log from `next_seq` on (ACCT-1), 0: still a member. `has_erased`: one was, so that
 *                 the log has to tell.
 * place           at most one row: what the owner has decided; NULL: nothing.   invitation  by digest of its code.
 */
export const SCHEMA_VERSION_1 = `
CREATE TABLE meta (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  epoch TEXT NOT NULL,
  writer_epoch INTEGER NOT NULL
) STRICT;

CREATE TABLE account (
  user_id INTEGER PRIMARY KEY,
  username TEXT, username_key TEXT UNIQUE,
  email TEXT, email_key TEXT UNIQUE,
  phone TEXT, phone_key TEXT UNIQUE,
  name TEXT NOT NULL,
  status TEXT,
  avatar_url TEXT,
  privacy TEXT NOT NULL,
  is_admin INTEGER NOT NULL,
  password_hash TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_seen_at INTEGER,
  deleted_at INTEGER
) STRICT;
CREATE INDEX account_admin ON account (user_id) WHERE is_admin = 1;
CREATE TABLE account_word (
  word TEXT NOT NULL, user_id INTEGER NOT NULL,
  PRIMARY KEY (word, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX account_word_of_user ON account_word (user_id);

CREATE TABLE device (
  device_id INTEGER PRIMARY KEY,
  user_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_active_at INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  mailbox_head INTEGER NOT NULL
) STRICT;
CREATE INDEX device_of_user ON device (user_id);
CREATE TABLE refresh_token (
  digest BLOB PRIMARY KEY,
  device_id INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  is_exchanged INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_token_of_device ON refresh_token (device_id, expires_at);

CREATE TABLE key_bundle (device_id INTEGER PRIMARY KEY, bundle TEXT NOT NULL) STRICT;
CREATE TABLE one_time_key (
  device_id INTEGER NOT NULL, place INTEGER NOT NULL, key_id INTEGER NOT NULL, key TEXT NOT NULL,
  PRIMARY KEY (device_id, place),
  UNIQUE (device_id, key_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE mailbox (
  device_id INTEGER NOT NULL, seq INTEGER NOT NULL,
  sender_id INTEGER NOT NULL, sender_device_id INTEGER NOT NULL, created_at INTEGER NOT NULL, payload TEXT NOT NULL,
  PRIMARY KEY (device_id, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE mailbox_put (
  sender_device_id INTEGER NOT NULL, client_msg_id BLOB NOT NULL,
  PRIMARY KEY (sender_device_id, client_msg_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE conversation (
  conversation INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind INTEGER NOT NULL,
  name TEXT,
  description TEXT,
  avatar_url TEXT,
  visibility INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  created_by INTEGER NOT NULL,
  member_count INTEGER NOT NULL,
  channel_key TEXT
) STRICT;
CREATE INDEX conversation_public ON conversation (channel_key, id) WHERE channel_key IS NOT NULL;
CREATE TABLE creation (
  creator_id INTEGER NOT NULL, client_msg_id BLOB NOT NULL, fingerprint BLOB NOT NULL, conversation INTEGER NOT NULL,
  PRIMARY KEY (creator_id, client_msg_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE head (
  conversation INTEGER PRIMARY KEY,
  seq INTEGER NOT NULL,
  count INTEGER NOT NULL,
  message_seq INTEGER NOT NULL,
  last_activity_at INTEGER NOT NULL,
  recent_0 INTEGER, recent_1 INTEGER, recent_2 INTEGER, recent_3 INTEGER, recent_4 INTEGER, recent_5 INTEGER, recent_6 INTEGER, recent_7 INTEGER
) STRICT;

CREATE TABLE log (
  entry INTEGER PRIMARY KEY,
  conversation INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  type INTEGER NOT NULL,
  count INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  sender_id INTEGER NOT NULL,
  target INTEGER,
  device_id INTEGER,
  client_msg_id BLOB,
  fingerprint BLOB,
  message_id INTEGER,
  body ANY,
  data TEXT
) STRICT;
CREATE UNIQUE INDEX log_key ON log (client_msg_id, device_id, conversation) WHERE client_msg_id IS NOT NULL;
CREATE INDEX log_edit ON log (conversation, target) WHERE type = 3;
CREATE TABLE log_place (
  conversation INTEGER NOT NULL, seq INTEGER NOT NULL, entry INTEGER NOT NULL,
  PRIMARY KEY (conversation, seq)
) STRICT, WITHOUT ROWID;
CREATE VIEW recent_place AS
  SELECT h.conversation, CAST((h.seq & ~7) + n.column1 AS INTEGER) AS seq,
    CAST(CASE n.column1
      WHEN 0 THEN h.recent_0 WHEN 1 THEN h.recent_1 WHEN 2 THEN h.recent_2 WHEN 3 THEN h.recent_3
      WHEN 4 THEN h.recent_4 WHEN 5 THEN h.recent_5 WHEN 6 THEN h.recent_6 WHEN 7 THEN h.recent_7
    END AS INTEGER) AS entry
  FROM head h, (VALUES (0), (1), (2), (3), (4), (5), (6), (7)) n
  WHERE (h.seq & ~7) + n.column1 BETWEEN 1 AND h.seq;
CREATE VIEW place_of_entry AS
  SELECT conversation, seq, entry FROM log_place UNION ALL SELECT conversation, seq, entry FROM recent_place;
CREATE VIEW conversation_log AS
  SELECT p.conversation, p.seq, l.type, l.count, l.created_at, l.sender_id, l.target, l.device_id, l.client_msg_id, l.fingerprint, l.message_id, l.body, l.data
  FROM place_of_entry p JOIN log l ON l.entry = p.entry;
CREATE TABLE amendment (
  conversation INTEGER NOT NULL, seq INTEGER NOT NULL,
  edit_seq INTEGER, state_seq INTEGER NOT NULL, deleted INTEGER NOT NULL,
  PRIMARY KEY (conversation, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE reaction (
  conversation INTEGER NOT NULL, seq INTEGER NOT NULL, emoji TEXT NOT NULL, user_id INTEGER NOT NULL,
  added_seq INTEGER NOT NULL,
  PRIMARY KEY (conversation, seq, emoji, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE membership (
  conversation INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  role INTEGER NOT NULL,
  joined_at INTEGER NOT NULL,
  visible_from_seq INTEGER NOT NULL,
  delivered_up_to INTEGER NOT NULL,
  read_up_to INTEGER NOT NULL,
  shared_read_up_to INTEGER NOT NULL,
  read_count INTEGER NOT NULL,
  archived INTEGER NOT NULL,
  pinned INTEGER NOT NULL,
  muted_until INTEGER,
  notifications INTEGER NOT NULL,
  in_crowd INTEGER NOT NULL,
  took_part INTEGER NOT NULL,
  PRIMARY KEY (conversation, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX membership_of_user ON membership (user_id);
CREATE INDEX membership_delivered ON membership (conversation, delivered_up_to) WHERE in_crowd = 1;
CREATE INDEX membership_shared_read ON membership (conversation, shared_read_up_to) WHERE in_crowd = 1;
CREATE INDEX membership_owner ON membership (conversation) WHERE role = 3;
CREATE TABLE hidden (
  conversation INTEGER NOT NULL, user_id INTEGER NOT NULL, seq INTEGER NOT NULL,
  PRIMARY KEY (conversation, user_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE user_log (
  user_id INTEGER NOT NULL, seq INTEGER NOT NULL, type INTEGER NOT NULL,
  conversation INTEGER, subject INTEGER, data TEXT,
  PRIMARY KEY (user_id, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX user_log_subject ON user_log (user_id, type, subject) WHERE subject IS NOT NULL;

CREATE TABLE erasure (
  user_id INTEGER NOT NULL, conversation INTEGER NOT NULL, next_seq INTEGER NOT NULL, has_erased INTEGER NOT NULL,
  PRIMARY KEY (user_id, conversation)
) STRICT, WITHOUT ROWID;
CREATE INDEX erasure_of_member ON erasure (user_id, conversation) WHERE next_seq = 0;

CREATE TABLE place (one INTEGER PRIMARY KEY CHECK (one = 1), name TEXT, registration TEXT) STRICT;
CREATE TABLE invitation (
  invitation_id TEXT PRIMARY KEY,
  uses INTEGER NOT NULL,
  uses_max INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER
) STRICT, WITHOUT ROWID;
`;

/** What follows from an entry is written behind it: places for many entries at once, so that a head needs no room for the last ones (`recent_n`). */
export const SCHEMA_VERSION_2 = `
INSERT INTO log_place (conversation, seq, entry) SELECT conversation, seq, entry FROM recent_place;
DROP VIEW conversation_log;
DROP VIEW place_of_entry;
DROP VIEW recent_place;
${Array.from({ length: 8 }, (_, column) => `ALTER TABLE head DROP COLUMN recent_${column};`).join('\n')}
ALTER TABLE meta ADD COLUMN settled_entry INTEGER NOT NULL DEFAULT 0;
UPDATE meta SET settled_entry = (SELECT coalesce(max(entry), 0) FROM log);
CREATE VIEW conversation_log AS
  SELECT p.conversation, p.seq, l.type, l.count, l.created_at, l.sender_id, l.target, l.device_id, l.client_msg_id, l.fingerprint, l.message_id, l.body, l.data
  FROM log_place p JOIN log l ON l.entry = p.entry;
`;
