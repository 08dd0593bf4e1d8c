export { type Argon2Options, Argon2PasswordHasher } from './argon2-password-hasher.ts';
