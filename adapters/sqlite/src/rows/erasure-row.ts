/** In the place of `erasure.next_seq`: the erased user is still a member, which ends first. */
export const STILL_MEMBER = 0;
