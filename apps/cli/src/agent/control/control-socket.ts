import { rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { AgentError, isErrno } from '../agent-error.ts';

/** What can be asked of a running agent. */
export interface ControlRequest {
  readonly command: 'ping' | 'renew';
  /** Of the certificate; all of them when absent. */
  readonly name?: string;
}

/** One JSON document a connection; `error` when it could not be done. */
export type ControlAnswer = Readonly<Record<string, unknown>>;

/** A request is a line; this is more than any. */
const maxRequestCharacters = 4096;

/** The longest renewal takes a few seconds; the command that waits says so before. */
const answerTimeoutMs = 120_000;

/** A socket of this length is the longest that all systems take (sun_path of macOS is 104 octets). */
const maxSocketPath = 103;

/** Where a running agent listens. */
function controlSocket(stateDir: string): string {
  return join(stateDir, 'agent.sock');
}

/**
 * Listens for the agent's own user. As only one process can, this also keeps a second agent from the same state folder.
 * @throws AgentError `alreadyRunning`, `badState`
 */
export async function openControlSocket(
  stateDir: string,
  answer: (request: ControlRequest) => Promise<ControlAnswer>,
): Promise<{ close(): Promise<void> }> {
  const path = controlSocket(stateDir);
  if (path.length > maxSocketPath) {
    throw new AgentError('badState', `${path} is too long for a socket: at most ${maxSocketPath} characters`);
  }
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    void serve(socket, answer);
  });
  await listen(server, path).catch(async (error: unknown) => {
    if (!isErrno(error, 'EADDRINUSE')) throw error;
    if (await isAnswered(path)) throw new AgentError('alreadyRunning', `an agent runs already in ${stateDir}`);
    // What a crash left behind.
    await rm(path, { force: true });
    await listen(server, path);
  });
  return {
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    // From its first moment on it is the agent's user's alone. bind(2) happens within the call, so nothing else sees the umask.
    const before = process.umask(0o077);
    server.once('error', reject);
    server.listen({ path }, () => {
      server.off('error', reject);
      resolve();
    });
    process.umask(before);
  });
}

async function isAnswered(path: string): Promise<boolean> {
  return (await askAgentAt(path, { command: 'ping' })) !== undefined;
}

async function serve(socket: Socket, answer: (request: ControlRequest) => Promise<ControlAnswer>): Promise<void> {
  try {
    socket.setTimeout(answerTimeoutMs, () => socket.destroy());
    const request = parseRequest(await readRequest(socket));
    const result =
      request === undefined ? { error: { code: 'usage', message: 'not understood' } } : await answer(request);
    socket.end(`${JSON.stringify(result)}\n`);
  } catch {
    // Whoever asked is gone, or sent too much; there is nobody to tell.
    socket.destroy();
  }
}

async function readRequest(socket: Socket): Promise<string> {
  let line = '';
  // The answer still has to go out when the request has been read.
  const parts: AsyncIterable<string> = socket.setEncoding('utf8').iterator({ destroyOnReturn: false });
  for await (const part of parts) {
    line += part;
    if (line.length > maxRequestCharacters) throw new RangeError('the request is too long');
  }
  return line;
}

function parseRequest(line: string): ControlRequest | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('command' in value)) return undefined;
  const { command, name } = value as Record<string, unknown>;
  if (command !== 'ping' && command !== 'renew') return undefined;
  return { command, ...(typeof name === 'string' && { name }) };
}

/** Asks the agent of a state folder; undefined when none runs there. @throws errors of the socket */
export function askAgent(stateDir: string, request: ControlRequest): Promise<ControlAnswer | undefined> {
  return askAgentAt(controlSocket(stateDir), request);
}

async function askAgentAt(path: string, request: ControlRequest): Promise<ControlAnswer | undefined> {
  const socket = connect({ path, allowHalfOpen: true });
  try {
    socket.setTimeout(answerTimeoutMs, () => socket.destroy(new Error('the agent does not answer')));
    socket.end(JSON.stringify(request));
    return JSON.parse(await readText(socket)) as ControlAnswer;
  } catch (error) {
    if (isErrno(error, 'ECONNREFUSED', 'ENOENT')) return undefined;
    throw error;
  } finally {
    socket.destroy();
  }
}
