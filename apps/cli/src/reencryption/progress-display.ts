import type { JobEvent, JobProgress } from '@vcc-pki/key-provider';
import { Presets, SingleBar } from 'cli-progress';
import type { CliContext } from '../context.ts';
import { notice } from '../output.ts';

/** Shows a job to whoever waits for it. */
export interface ProgressDisplay {
  show(event: JobEvent): void;
  end(): void;
}

/** Time between two lines where no terminal shows a bar. */
const lineMs = 5_000;

/** A bar on a terminal, lines elsewhere; both on stderr, which is not the result. */
export function progressDisplay(context: CliContext): ProgressDisplay {
  return context.terminal.columns === undefined ? lines(context) : bar(context);
}

function bar(context: CliContext): ProgressDisplay {
  const display = new SingleBar(
    {
      stream: context.stderr as NodeJS.WriteStream,
      format:
        'pass {pass}, {partition} [{bar}] {percentage}% | {rewritten} anew, {missed} missed, {quarantined} set aside | {left}',
      hideCursor: true,
      clearOnComplete: false,
      etaBuffer: 1,
    },
    Presets.shades_classic,
  );
  display.start(1, 0, payload());
  return {
    show: (event) => {
      if (event.type === 'progress') {
        display.setTotal(Math.max(1, event.progress.rowsInPass));
        display.update(event.progress.scannedInPass, payload(event.progress));
      } else notice(context, `\n${eventText(event)}`);
    },
    end: () => display.stop(),
  };
}

function payload(progress?: JobProgress): Record<string, unknown> {
  return {
    pass: progress?.pass ?? 1,
    partition: progress?.partition ?? '',
    rewritten: progress?.rewritten ?? 0,
    missed: progress?.missed ?? 0,
    quarantined: progress?.quarantined ?? 0,
    left: etaText(progress?.etaMs),
  };
}

function lines(context: CliContext): ProgressDisplay {
  let toldAtMs = Number.NEGATIVE_INFINITY;
  return {
    show: (event) => {
      const nowMs = context.clock.now();
      if (event.type === 'progress' && nowMs - toldAtMs < lineMs) return;
      if (event.type === 'progress') toldAtMs = nowMs;
      notice(context, eventText(event));
    },
    end: () => undefined,
  };
}

function eventText(event: JobEvent): string {
  if (event.type === 'quarantined')
    return `set aside: ${event.rows.map(({ partition, key, reason }) => `${partition} ${key} (${reason})`).join(', ')}`;
  if (event.type === 'waiting') {
    const text = event.error instanceof Error ? event.error.message : String(event.error);
    return `waiting: ${text}; trying again in ${event.retryInMs} ms`;
  }
  const { pass, partition = '-', scannedInPass, rowsInPass, rewritten, missed, quarantined, etaMs } = event.progress;
  return `pass ${pass}, ${partition}: ${scannedInPass} of about ${rowsInPass} rows, ${rewritten} anew, ${missed} missed, ${quarantined} set aside, ${etaText(etaMs)}`;
}

function etaText(etaMs: number | undefined): string {
  return etaMs === undefined ? 'time left unknown' : `${Math.ceil(etaMs / 1000)} s left of this pass`;
}
