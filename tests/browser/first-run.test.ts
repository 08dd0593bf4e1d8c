import { expect, test } from 'vitest';
import { openFromList, openWith, said, tickOf, write } from './chat-page.ts';
import { logIn } from './log-in.ts';
import { PASSWORD } from './people.ts';
import { describeOnStage } from './stage.ts';

/** Making an account by invitation is refused with 403, which the browser itself notes. */
const REFUSED = /status of 403/;

describeOnStage(
  'A new place',
  (stage) => {
    test('[AUTH-1] [PLACE-2] [PLACE-3] is set up by its first visitor, and others join by the link that this gives', async () => {
      const owner = await (await stage.profile({ permissions: ['clipboard-read', 'clipboard-write'] })).page();
      await owner.getByRole('heading', { name: 'Make this place yours' }).waitFor();
      await owner.getByLabel('Your name').fill('Olga Ferreira');
      expect(await owner.getByLabel('Username').inputValue()).toBe('olga.ferreira');
      await owner.getByLabel('Password').fill(PASSWORD);
      await owner.getByRole('button', { name: 'Continue' }).click();
      await owner.getByLabel('Name of the place').fill('Hill House');
      await owner.getByRole('button', { name: 'Open the place' }).click();
      await owner.getByRole('heading', { name: 'Hill House is open' }).waitFor();
      await owner.getByRole('img', { name: /^QR code of http/ }).waitFor();
      await owner.getByRole('button', { name: 'Copy the link' }).click();
      const link = await owner.evaluate(() => navigator.clipboard.readText());
      expect(link).toMatch(new RegExp(`^${stage.server.url}/join/\\S{22}$`));
      await owner.getByRole('button', { name: 'Start talking' }).click();
      await owner.getByRole('heading', { name: 'Welcome, Olga Ferreira' }).waitFor();

      const uninvited = await (await stage.profile()).page('/join');
      await uninvited.getByText('People join here by invitation.').waitFor();
      expect(await uninvited.getByLabel('Your name').count()).toBe(0);

      const guest = await (await stage.profile()).page(new URL(link).pathname);
      await guest.getByRole('heading', { name: 'Hill House' }).waitFor();
      await guest.getByLabel('Your name').fill('Pia Holm');
      await guest.getByLabel('Password').fill(PASSWORD);
      await guest.getByRole('button', { name: 'Make an account' }).click();
      await guest.getByRole('navigation', { name: 'Conversations' }).waitFor();
      expect(new URL(guest.url()).pathname).toBe('/');
      await openWith(guest, 'Olga Ferreira');
      await write(guest, 'I am in');
      await tickOf(guest, 'I am in').and(guest.locator('[data-tick="delivered"]')).waitFor();

      const second = await (await stage.profile()).page();
      await logIn(second, 'olga.ferreira');
      await openFromList(second, 'Pia Holm');
      await said(second, 'I am in').waitFor();

      await owner.goto(`${stage.server.url}/admin`);
      await owner.getByText('1 of 100 people have come').waitFor();
      await owner.getByRole('button', { name: /^Withdraw the invitation/ }).click();
      await owner.getByText('No invitation stands at the moment.').waitFor();
      const late = await (await stage.profile({ expected: REFUSED })).page(new URL(link).pathname);
      await late.getByLabel('Your name').fill('Late Larry');
      await late.getByLabel('Password').fill(PASSWORD);
      await late.getByRole('button', { name: 'Make an account' }).click();
      await late.getByRole('alert').filter({ hasText: 'withdrawn' }).waitFor();

      await owner.getByRole('radio', { name: 'Anybody' }).check();
      await owner.getByLabel('Name of the place').fill('Hill House and Garden');
      await owner.getByRole('button', { name: 'Save' }).click();
      await owner.getByText('Anybody with the address can join').waitFor();
      await uninvited.reload();
      await uninvited.getByRole('heading', { name: 'Hill House and Garden' }).waitFor();
      await uninvited.getByLabel('Your name').waitFor();
    }, 120_000);
  },
  { isNew: true },
);
