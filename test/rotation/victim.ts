import { systemClock } from '@vcc-pki/server';
import { RotationScheduler } from '../../apps/server/src/rotation/rotation-scheduler.ts';
import { openStore } from '../../apps/server/src/store/index.ts';
import { rotationRules } from './rules.ts';

/** A server whose scheduler dies behind its first commit, with the lease in its hands. */
const [url = '', now = ''] = process.argv.slice(2);
const scheduler = new RotationScheduler({
  store: await openStore({ url }),
  clock: { ...systemClock, now: () => Number(now) },
  rules: rotationRules,
  owner: 'victim',
  onTold: () => process.kill(process.pid, 'SIGKILL'),
});
await scheduler.round();
