// HighLevel's own SDK makes, reads, changes, lists and deletes everything that
// the sandbox serves.
import { test } from 'node:test';
import { deepEqual } from 'node:assert/strict';
import * as agency from './agency.js';
import * as calendars from './calendars.js';
import * as contacts from './contacts.js';
import * as conversations from './conversations.js';
import * as events from './events.js';
import * as others from './others.js';
import { happened, operations } from './sdk.js';

for (const [name, run] of Object.entries({ ...contacts, ...calendars, ...conversations, ...agency, ...events, ...others })) {
  test(name, run);
}

test('every operation of the catalogue', () => {
  const done = happened();
  deepEqual(operations().map((operation) => operation.name).filter((name) => !done.has(name)), []);
});
