import { Type } from 'typebox';
import { integer, section } from '../setting.ts';
import { days } from './service-certificates.ts';

/** Keys of `rotation` here and of `rotation_policy` in the file of that name. */
const keys = {
  check_interval_hours: integer({
    description:
      'How often holders are asked to look whether their certificate is to be renewed. The server itself looks every minute.',
    default: 6,
    minimum: 1,
    maximum: 168,
  }),
  notification_days: Type.Array(Type.Integer({ ...days }), {
    description: 'Days before the end on which the service is notified.',
    default: [30, 7, 1],
    maxItems: 20,
    uniqueItems: true,
  }),
  max_retries: integer({
    description: 'How often it is said again that a certificate is overdue, before it is an alert.',
    default: 3,
    minimum: 0,
    maximum: 100,
  }),
  retry_delay_hours: integer({
    description: 'Time between two such reminders.',
    default: 1,
    minimum: 1,
    maximum: 168,
  }),
};

/** The section of pki_config.yaml. */
export const rotation = section(keys, 'Rotation; each key must agree with rotation_policy.yaml where both have it.');

/** The section of rotation_policy.yaml. */
export const rotationPolicy = section(
  {
    check_interval_hours: keys.check_interval_hours,
    renew_before_expiry_days: integer({
      description:
        'How long before its end a certificate is due; the same setting as service_certificates.renew_before_days.',
      default: 30,
      ...days,
    }),
    notification_days: keys.notification_days,
    max_retries: keys.max_retries,
    retry_delay_hours: keys.retry_delay_hours,
  },
  'Rotation of service certificates; each key must agree with pki_config.yaml where both have it.',
);
