import { LIMITS } from '@parley/protocol';
import { Field } from '../design/field.tsx';
import { useText } from '../i18n/use-text.ts';
import { suggestUsername } from './suggest-username.ts';

/** What a new account needs, as it is being written. */
export interface NewAccount {
  readonly name: string;
  /** Undefined: made from the name. */
  readonly username: string | undefined;
  readonly password: string;
}

export const NO_ACCOUNT: NewAccount = { name: '', username: undefined, password: '' };

export const usernameOf = ({ name, username }: NewAccount): string => username ?? suggestUsername(name);

export interface AccountFieldsProps {
  readonly account: NewAccount;
  onChange(account: NewAccount): void;
}

export function AccountFields({ account, onChange }: AccountFieldsProps) {
  const text = useText();
  return (
    <>
      <Field
        label={text('signIn.name')}
        value={account.name}
        onChange={(event) => onChange({ ...account, name: event.target.value })}
        autoComplete="name"
        required
        maxLength={LIMITS.nameLengthMax}
      />
      <Field
        label={text('signIn.username')}
        hint={text('signIn.usernameHint')}
        value={usernameOf(account)}
        onChange={(event) => onChange({ ...account, username: event.target.value.toLowerCase() })}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        minLength={LIMITS.usernameLengthMin}
        maxLength={LIMITS.usernameLengthMax}
        pattern="[a-z][a-z0-9._\-]*"
        title={text('signIn.usernameRule')}
      />
      <Field
        label={text('signIn.password')}
        hint={text('signIn.passwordHint')}
        type="password"
        value={account.password}
        onChange={(event) => onChange({ ...account, password: event.target.value })}
        autoComplete="new-password"
        required
        minLength={LIMITS.passwordLengthMin}
        maxLength={LIMITS.passwordLengthMax}
      />
    </>
  );
}
