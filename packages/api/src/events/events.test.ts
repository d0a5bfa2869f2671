import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Value } from 'typebox/value';
import { eventSchema, events, eventTypes, isEventType } from './index.ts';
import { parseEvent } from './parse-event.ts';

test('the example of every event fits its schema, and no other member is allowed', () => {
  for (const type of eventTypes) {
    const { data, example } = events[type];
    const event = {
      id: 'evt_5d0c1f9e7ab24c83d6e1',
      type,
      timestamp: '2026-11-23T08:00:00Z',
      subject: 'x',
      data: example,
    };
    assert.deepEqual(Value.Errors(eventSchema(type, data), event), [], type);
    assert.equal(Value.Check(data, { ...(example as object), more: 1 }), false, type);
  }
});

test('the subject of every event is a member of its data', () => {
  for (const type of eventTypes) {
    const { subject, example } = events[type];
    assert.ok(subject in (example as object), type);
  }
});

test('types are known by name', () => {
  assert.ok(isEventType('certificate.issued'));
  assert.ok(!isEventType('certificate.lost') && !isEventType('toString'));
});

test('a receiver reads an event, and refuses what is none', () => {
  const { example } = events['certificate.expired'];
  const event = { id: 'evt_5d0c1f9e7ab24c83d6e1', timestamp: '2026-11-23T08:00:00Z', subject: 'x', data: example };
  assert.equal(parseEvent({ ...event, type: 'certificate.expired' }).type, 'certificate.expired');
  for (const body of [null, 'x', event, { ...event, type: 'constructor' }, { ...event, type: 'certificate.issued' }]) {
    assert.throws(() => parseEvent(body), { code: 'malformed' });
  }
});
