/** Groups and users never share a name: `doctors` is the group `g:doctors`, `u:alice` a user. */
export function principal(name: string): string {
  return /^[gu]:/.test(name) ? name : `g:${name}`;
}
