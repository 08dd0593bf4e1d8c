import type { Conversation, Member } from '@parley/protocol';
import { UserPlus } from 'lucide-react';
import { useRef, useState } from 'react';
import { VList } from 'virtua';
import { useMe } from '../app/state-hooks.ts';
import { Button } from '../design/button.tsx';
import { SearchField } from '../design/search-field.tsx';
import { Skeleton } from '../design/states.tsx';
import { useText } from '../i18n/use-text.ts';
import { AddMembersDialog } from './add-members-dialog.tsx';
import { MemberRow } from './member-row.tsx';
import { useMembers } from './use-members.ts';

/** From here on only the rows on the screen are drawn. */
const VIRTUAL_FROM = 40;

export function MemberList({ conversation }: { conversation: Conversation }) {
  const text = useText();
  const me = useMe();
  const members = useMembers(conversation.conversation_id);
  const [isAdding, setAdding] = useState(false);
  const [query, setQuery] = useState('');
  const heading = useRef<HTMLHeadingElement>(null);
  const wanted = query.trim().toLocaleLowerCase();
  const shown = members.items.filter(({ user }) => user.name.toLocaleLowerCase().includes(wanted));
  const row = (member: Member) => (
    <MemberRow
      key={member.user.user_id}
      member={member}
      conversation={conversation}
      isMe={member.user.user_id === me?.user_id}
      onChanged={members.reload}
    />
  );
  return (
    <section className="about-section">
      <div className="heading-line">
        <h3 ref={heading} tabIndex={-1}>
          {text(conversation.kind === 'channel' ? 'subscribers' : 'members', { count: conversation.member_count })}
        </h3>
        {conversation.my.role !== 'member' && (
          <Button look="quiet" onClick={() => setAdding(true)}>
            <UserPlus size={18} />
            {text('members.add')}
          </Button>
        )}
      </div>
      {members.items.length > VIRTUAL_FROM && (
        <SearchField label={text('members.search')} query={query} onChange={setQuery} />
      )}
      {members.state === 'failed' && <p role="alert">{text('problem.unreachable')}</p>}
      {members.state === 'loading' && members.items.length === 0 && <Skeleton rows={3} label={text('loading')} />}
      {shown.length > VIRTUAL_FROM ? (
        <VList className="member-rows-virtual" data={shown} itemSize={56} role="list">
          {row}
        </VList>
      ) : (
        <ul className="member-rows">{shown.map(row)}</ul>
      )}
      {isAdding && (
        <AddMembersDialog
          conversation={conversation}
          present={members.items}
          onClose={() => {
            setAdding(false);
            members.reload();
          }}
        />
      )}
    </section>
  );
}
