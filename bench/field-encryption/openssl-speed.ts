import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Blocks a second of `openssl speed -evp aes-256-gcm` on one core; undefined where openssl is not installed. */
export async function opensslSpeed(blockBytes: number): Promise<number | undefined> {
  const options = ['speed', '-mr', '-evp', 'aes-256-gcm', '-bytes', `${blockBytes}`, '-seconds', '3'];
  try {
    const { stdout } = await promisify(execFile)('openssl', options);
    const bytesPerSecond = /^\+F:\d+:[^:]*:([\d.]+)$/m.exec(stdout)?.[1];
    return bytesPerSecond === undefined ? undefined : Number(bytesPerSecond) / blockBytes;
  } catch {
    // Not installed: the ratio to it stays out of the report.
    return undefined;
  }
}
