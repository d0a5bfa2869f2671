import { isHostName } from './host-name.ts';

/** A mailbox as rfc822Name holds it (RFC 5280 s4.2.1.6, RFC 2821 s4.1.2). */
export interface Mailbox {
  readonly local: string;
  readonly host: string;
}

// dot-string or quoted-string; characters over ASCII as in SmtpUTF8Mailbox.
const localPart = /^(?:[^\s"(),:;<>@[\\\]]+|"(?:[^"\\]|\\.)*")$/;

/** Takes a mailbox apart; `undefined` when it is none. */
export function parseMailbox(text: string): Mailbox | undefined {
  const at = text.lastIndexOf('@');
  const [local, host] = [text.slice(0, at), text.slice(at + 1)];
  return at > 0 && localPart.test(local) && isHostName(host) ? { local, host } : undefined;
}
