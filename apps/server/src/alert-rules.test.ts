import assert from 'node:assert/strict';
import { access, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { parse } from 'yaml';
import { systemClock } from './clock.ts';
import { createMetrics } from './metrics.ts';
import { createCrlMetrics } from './revocation/crl-metrics.ts';
import { ServedCrls } from './revocation/served-crls.ts';
import { createRotationMetrics } from './rotation/rotation-metrics.ts';
import type { Store } from './store/index.ts';
import { createWebhookMetrics } from './webhooks/webhook-metrics.ts';

const root = new URL('../../../', import.meta.url);

interface Rules {
  readonly groups: readonly {
    readonly name: string;
    readonly rules: readonly {
      readonly alert: string;
      readonly expr: string;
      readonly labels: { readonly severity: string };
      readonly annotations: { readonly summary: string; readonly runbook: string };
    }[];
  }[];
}

/** The names of the instruments; nothing is measured, so nothing asks the store. */
function metricNames(): Set<string> {
  const { registry } = createMetrics();
  const parts = { store: {} as Store, clock: systemClock };
  createRotationMetrics(registry, parts);
  createWebhookMetrics(registry, parts);
  createCrlMetrics(registry, { served: new ServedCrls(), issuer: { issuerId: 'aa', commonName: 'CA' } });
  return new Set(registry.getMetricsAsArray().map(({ name }) => name));
}

test('the alert rules of rotation and webhooks are over metrics that the server has, and name pages that exist', async () => {
  const text = await readFile(new URL('deploy/prometheus/rotation.rules.yaml', root), 'utf8');
  const rules = (parse(text) as Rules).groups.flatMap((group) => group.rules);
  assert.ok(rules.length >= 9);
  assert.equal(new Set(rules.map(({ alert }) => alert)).size, rules.length);
  const metrics = metricNames();
  for (const { alert, expr, labels, annotations } of rules) {
    const names = expr.match(/vcc_pki_\w+/g) ?? [];
    assert.ok(names.length > 0, alert);
    for (const name of names) assert.ok(metrics.has(name), `${alert}: there is no ${name}`);
    assert.match(labels.severity, /^(info|warning|critical)$/);
    assert.ok(annotations.summary.length > 0, alert);
    await access(new URL(annotations.runbook, root));
  }
});
