// HighLevel's own SDK makes, reads, changes, lists and deletes everything that
// the sandbox serves.
import { test } from 'node:test';
import { deepEqual } from 'node:assert/strict';
import * as agency from './agency.js';
import * as calendars from './calendars.js';
import * as contacts from './contacts.js';
import * as conversations from './conversations.js';
import * as others from './others.js';
import { happened, operations } from './sdk.js';

// open are the operations of the catalogue that no test here makes yet.
const open = [
  'Get Free Slots',
  'List Calendar Events',
  'List Blocked Slots',
  'Get Appointment',
  'List Appointment Notes',
  'Create Appointment',
  'Update Appointment',
  'Delete Event',
  'Create Block Slot',
  'Update Block Slot',
  'Create Appointment Note',
  'Update Appointment Note',
  'Delete Appointment Note',
];

for (const [name, run] of Object.entries({ ...contacts, ...calendars, ...conversations, ...agency, ...others })) {
  test(name, run);
}

test('every operation of the catalogue', () => {
  const done = happened();
  deepEqual(operations().map((operation) => operation.name).filter((name) => !done.has(name)), open);
});
