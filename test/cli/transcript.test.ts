import { test } from 'node:test';
import { runningPki } from '../support/running-pki.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { assertGolden } from './support/golden.ts';
import { runCommand } from './support/run-cli.ts';
import { withoutChance } from './support/without-chance.ts';

/** What a person types, and at questions; `OUT` stands for a temporary folder. */
const session: readonly { readonly type: string; readonly answer?: string }[] = [
  { type: 'list' },
  {
    type: 'create-certificate --service veritas-backend --san-dns veritas-backend.vcc.local --san-ip 127.0.0.1 --out OUT',
  },
  { type: 'create-certificate --service veritas-backend --out OUT' },
  { type: 'create-certificate --service covina-backend --san-dns www.example --out OUT' },
  { type: 'list --service veritas-backend' },
  { type: 'show veritas-backend' },
  { type: 'show clara-backend' },
  { type: 'renew veritas-backend --out OUT' },
  { type: 'revoke veritas-backend --reason security_policy_violation --dry-run' },
  { type: 'revoke veritas-backend --reason security_policy_violation', answer: 'no' },
  { type: 'revoke veritas-backend --reason security_policy_violation', answer: 'yes' },
  { type: 'crl show' },
  { type: 'audit verify' },
  { type: 'ca info' },
  { type: 'lst' },
];

test('a session at the terminal reads as transcript.txt has it', async (t) => {
  const pki = await runningPki(t);
  const out = await temporaryDirectory(t);
  const steps: string[] = [];
  for (const { type, answer } of session) {
    const { code, stdout, stderr } = await runCommand(type.replaceAll('OUT', out).split(' '), {
      environment: { directory: pki.directory },
      ...(answer !== undefined && { typed: [answer] }),
    });
    const text = withoutChance(stderr + stdout, { OUT: out, PKI: pki.directory });
    steps.push(`$ vcc-pki ${type}\n${text}[exit code ${code}]\n`);
  }
  await assertGolden('transcript.txt', steps.join('\n'));
});
