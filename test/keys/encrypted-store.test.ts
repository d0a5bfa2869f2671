import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { KekResource } from '@vcc-pki/api';
import { allowService } from '../support/configure.ts';
import { freePorts } from '../support/free-ports.ts';
import { runningPki } from '../support/running-pki.ts';
import { startProgram } from '../support/start-program.ts';

const example = fileURLToPath(new URL('../../examples/encrypted-store/service.ts', import.meta.url));

test('examples/encrypted-store keeps notes encrypted, and follows a rotation by itself', async (t) => {
  const pki = await runningPki(t, { configure: allowService('notes', 'keks: { notes: [read, write] }') });
  const made = await pki.call('POST', '/api/v1/keks', { body: { line: 'notes' } });
  assert.equal(made.status, 201, made.text);
  const { cert, key } = await pki.issueFor('notes');
  const folder = join(pki.directory, 'notes');
  await mkdir(folder);
  const files = { 'fullchain.pem': cert, 'key.pem': key, 'root-ca.pem': pki.rootPem };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const [port] = (await freePorts(1)) as [number];
  const file = join(folder, 'notes.db');
  const env = { CERT_FOLDER: folder, PKI_URL: pki.apiUrl, DATABASE: file, PORT: `${port}`, SETTLE_MS: '0' };
  const program = startProgram(t, example, { cwd: folder, env });
  await program.until('listening');
  const note = `http://127.0.0.1:${port}/notes/diary`;
  assert.equal((await fetch(note, { method: 'PUT', body: 'nobody reads this' })).status, 204);
  assert.equal(await (await fetch(note)).text(), 'nobody reads this');
  assert.equal((await fetch(`${note}-2`)).status, 404);

  const second = (await pki.call('POST', '/api/v1/keks/notes/rotate', {})).json() as KekResource;
  const body = { action: 'promote', force: true };
  assert.equal((await pki.call('POST', `/api/v1/keks/${second.id}/change`, { body })).status, 200);
  await program.until(`to ${second.id}: done`);
  assert.equal(await (await fetch(note)).text(), 'nobody reads this');
  const database = new DatabaseSync(file);
  const { text } = database.prepare('select text from notes').get() as { text: Uint8Array };
  database.close();
  assert.equal(Buffer.from(text).readUInt32BE(8), 2);
  assert.ok(!Buffer.from(text).includes('nobody'));
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  assert.match(metrics, /^vcc_reencryption_state\{job_id="kek_2",version="2",state="done"\} 1$/m);
  await program.stop();
});
