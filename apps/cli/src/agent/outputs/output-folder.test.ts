import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { AgentError } from '../agent-error.ts';
import type { OutputConfig } from '../config/agent-config.ts';
import type { Material } from './material.ts';
import { writeOutput } from './output-folder.ts';

let root: string;
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'vcc-pki-output-'));
});
after(() => rm(root, { recursive: true }));

const first: Material = { certPem: 'C1\n', keyPem: 'K1\n', fullchainPem: 'C1\nI\n', caPem: 'R\n' };
const second: Material = { certPem: 'C2\n', keyPem: 'K2\n', fullchainPem: 'C2\nI\n', caPem: 'R\n' };

function outputIn(name: string, changes: Partial<OutputConfig> = {}): OutputConfig {
  return {
    adapter: 'files',
    folder: join(root, name),
    files: { cert: 'cert.pem', key: 'key.pem', fullchain: 'fullchain.pem', ca: 'ca.pem', combined: 'all.pem' },
    owner: undefined,
    group: undefined,
    keyMode: 0o600,
    certMode: 0o644,
    secretName: name,
    reload: undefined,
    ...changes,
  };
}

const refusedWith = (code: string) => (error: unknown) => error instanceof AgentError && error.code === code;

test('writes all files with their modes, and again only what changed', async () => {
  const output = outputIn('all');
  assert.equal(await writeOutput(output, first), true);
  const read = (name: string): Promise<string> => readFile(join(output.folder, name), 'utf8');
  assert.deepEqual(await Promise.all(['cert.pem', 'key.pem', 'fullchain.pem', 'ca.pem', 'all.pem'].map(read)), [
    'C1\n',
    'K1\n',
    'C1\nI\n',
    'R\n',
    'C1\nI\nK1\n',
  ]);
  for (const [name, mode] of [
    ['key.pem', 0o600],
    ['all.pem', 0o600],
    ['cert.pem', 0o644],
  ] as const) {
    assert.equal((await stat(join(output.folder, name))).mode & 0o777, mode, name);
  }
  const generation = await readlink(join(output.folder, '..current'));
  assert.equal(await writeOutput(output, first), false);
  assert.equal(await readlink(join(output.folder, '..current')), generation);
});

test('folders that are made can be entered, whatever the umask', async () => {
  const before = process.umask(0o077);
  try {
    await writeOutput(outputIn('deep/er'), first);
  } finally {
    process.umask(before);
  }
  for (const name of ['deep', 'deep/er', 'deep/er/..current']) {
    assert.equal((await stat(join(root, name))).mode & 0o777, 0o755, name);
  }
});

test('the pair before is kept, one generation of it', async () => {
  const output = outputIn('previous');
  for (const material of [first, second, { ...second, keyPem: 'K3\n' }]) await writeOutput(output, material);
  assert.equal(await readFile(join(output.folder, 'key.pem'), 'utf8'), 'K3\n');
  assert.equal(await readFile(join(output.folder, '..previous/key.pem'), 'utf8'), 'K2\n');
  const generations = (await readdir(output.folder)).filter((name) => name.startsWith('..generation-'));
  assert.equal(generations.length, 2);
});

test('a file whose mode or contents somebody changed is written anew', async () => {
  const output = outputIn('touched');
  await writeOutput(output, first);
  await chmod(join(output.folder, 'key.pem'), 0o644);
  assert.equal(await writeOutput(output, first), true);
  assert.equal((await stat(join(output.folder, 'key.pem'))).mode & 0o777, 0o600);
  await writeFile(join(output.folder, 'cert.pem'), 'damaged');
  assert.equal(await writeOutput(output, first), true);
  assert.equal(await readFile(join(output.folder, 'cert.pem'), 'utf8'), 'C1\n');
});

test('names that are not written any more go, and what is not ours stays', async () => {
  const output = outputIn('names');
  await writeOutput(output, first);
  await writeFile(join(output.folder, 'README'), 'of the operator');
  await writeOutput({ ...output, files: { key: 'key.pem', fullchain: 'chain.pem' } }, first);
  const names = (await readdir(output.folder)).filter((name) => !name.startsWith('..'));
  assert.deepEqual(names.sort(), ['README', 'chain.pem', 'key.pem']);
});

test('a file of somebody else is not replaced', async () => {
  const output = outputIn('foreign');
  await mkdir(output.folder);
  await writeFile(join(output.folder, 'key.pem'), 'of the operator');
  await assert.rejects(writeOutput(output, first), refusedWith('fileForeign'));
  assert.equal(await readFile(join(output.folder, 'key.pem'), 'utf8'), 'of the operator');
});

test('leftovers of a crash are removed, and a link that leads elsewhere is not followed', async () => {
  const output = outputIn('crash');
  const elsewhere = join(root, 'elsewhere');
  await mkdir(join(output.folder, '..generation-1-dead'), { recursive: true });
  await mkdir(elsewhere);
  await writeFile(join(output.folder, '..generation-1-dead', 'key.pem'), 'half');
  await symlink(elsewhere, join(output.folder, '..current'));
  await symlink('..generation-1-dead', join(output.folder, '..link-dead'));
  await writeOutput(output, first);
  assert.deepEqual(await readdir(elsewhere), []);
  const names = await readdir(output.folder);
  assert.ok(!names.includes('..generation-1-dead') && !names.includes('..link-dead'), names.join());
  assert.equal(await readFile(join(output.folder, 'key.pem'), 'utf8'), 'K1\n');
});

test('a folder that others may write to, and a link to a folder, are refused', async () => {
  const open = outputIn('open');
  await mkdir(open.folder);
  await chmod(open.folder, 0o777);
  await assert.rejects(writeOutput(open, first), refusedWith('folderUnsafe'));
  const below = outputIn('open/below');
  await assert.rejects(writeOutput(below, first), refusedWith('folderUnsafe'));
  const linked = outputIn('linked');
  await symlink(join(root, 'all'), linked.folder);
  await assert.rejects(writeOutput(linked, second), refusedWith('folderUnsafe'));
  assert.equal(await readFile(join(root, 'all', 'key.pem'), 'utf8'), 'K1\n');
});

test('an account that does not exist is told', async () => {
  await assert.rejects(
    writeOutput(outputIn('owner', { owner: 'nobody-of-that-name' }), first),
    refusedWith('unknownAccount'),
  );
});

test('files are given to another user and group where the agent may', {
  skip: process.geteuid?.() !== 0 && 'needs root; CI is root',
}, async () => {
  const output = outputIn('given', { owner: 'nobody', group: '12345', keyMode: 0o640 });
  await writeOutput(output, first);
  const { uid, gid, mode } = await stat(join(output.folder, 'key.pem'));
  assert.ok(uid > 0);
  assert.deepEqual([gid, mode & 0o777], [12345, 0o640]);
  assert.equal(await writeOutput(output, first), false);
});
