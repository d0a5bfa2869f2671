import { connect } from 'node:net';
import { AgentError } from '../agent-error.ts';
import type { ReloadAction } from '../config/agent-config.ts';

type RuntimeAction = Extract<ReloadAction, { readonly kind: 'haproxyRuntime' }>;

/** An answer is a line or two. */
const maxAnswerCharacters = 64 * 1024;

/**
 * Puts a certificate into a running HAProxy (2.1 or newer) through its runtime API: no reload, no lost connection. The
 * file on the disk is what HAProxy reads at its next start.
 * @throws AgentError `reloadFailed`, `reloadTimeout`
 */
export async function putIntoHaproxy(action: RuntimeAction, pem: string): Promise<void> {
  const { certificateFile } = action;
  // The payload ends at an empty line (management.txt s9.3).
  const payload = pem.replace(/\n{2,}/g, '\n').trimEnd();
  const answer = await ask(action, `set ssl cert ${certificateFile} <<\n${payload}\n\n`);
  if (!/transaction (?:created|updated)/i.test(answer)) throw refused(answer);
  const committed = await ask(action, `commit ssl cert ${certificateFile}\n`);
  if (/success!/i.test(committed)) return;
  await ask(action, `abort ssl cert ${certificateFile}\n`);
  throw refused(committed);
}

/** One command on one connection, which HAProxy closes behind its answer. */
function ask({ socket, timeoutMs }: RuntimeAction, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const connection = connect(socket);
    let answer = '';
    connection.setEncoding('utf8');
    connection.setTimeout(timeoutMs, () => {
      connection.destroy(
        new AgentError('reloadTimeout', `HAProxy did not answer at ${socket} within ${timeoutMs / 1000} s`),
      );
    });
    connection.on('data', (part: string) => {
      answer = (answer + part).slice(-maxAnswerCharacters);
    });
    connection.once('error', (cause) => {
      const why = new AgentError('reloadFailed', `the runtime API of HAProxy at ${socket}: ${cause.message}`, {
        cause,
      });
      reject(cause instanceof AgentError ? cause : why);
    });
    connection.once('end', () => resolve(answer));
    connection.write(command);
  });
}

function refused(answer: string): AgentError {
  return new AgentError('reloadFailed', `HAProxy does not take the certificate: ${answer.trim().slice(0, 500)}`);
}
