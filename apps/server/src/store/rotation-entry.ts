import { preparedInsert } from './prepared-insert.ts';

/** When a certificate is to be renewed, as its row in the schedule begins. */
export interface RotationEntry {
  /** The renewal window. */
  readonly windowStart: number;
  readonly windowEnd: number;
  /** When the scheduler is to look at it first; null: never. */
  readonly dueAt: number | null;
}

/** A row of the schedule that is to be made. */
export interface NewRotation extends RotationEntry {
  readonly certificateId: string;
  readonly serviceId: string;
  /** A renewal has to be seen where it is served. */
  readonly isRenewal: boolean;
}

/** The row of a certificate that nothing has happened to yet. */
export function toRotationRow({ certificateId, serviceId, isRenewal, windowStart, windowEnd, dueAt }: NewRotation) {
  return {
    certificate_id: certificateId,
    service_id: serviceId,
    scheduled_renewal_date: windowStart,
    window_end: windowEnd,
    status: 'pending',
    stage: 'quiet',
    due_at: dueAt,
    proof: isRenewal ? 'wanted' : 'none',
  } as const;
}

export const insertRotations = preparedInsert('rotation_schedule', [
  'certificate_id',
  'service_id',
  'scheduled_renewal_date',
  'window_end',
  'status',
  'stage',
  'due_at',
  'proof',
]);
