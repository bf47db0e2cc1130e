import { deepEqual, equal } from 'node:assert/strict';
import { ghl, locationId } from './sdk.js';

export async function calendarGroups() {
  deepEqual((await ghl.calendars.validateGroupsSlug({ locationId, slug: 'coaching' })).available, true);
  const { group } = await ghl.calendars.createCalendarGroup({ locationId, name: 'Coaching', description: '', slug: 'coaching', isActive: true });
  const groupId = group.id;
  equal((await ghl.calendars.editGroup({ groupId }, { name: 'Training', description: '', slug: 'training' })).group.name, 'Training');
  await ghl.calendars.disableGroup({ groupId }, { isActive: false });
  deepEqual((await ghl.calendars.getGroups({ locationId })).groups.map((g) => [g.name, g.isActive]), [['Training', false]]);
  await ghl.calendars.deleteGroup({ groupId });
  equal((await ghl.calendars.getGroups({ locationId })).groups.length, 0);
}

export async function calendars() {
  const { calendar } = await ghl.calendars.createCalendar({ locationId, name: 'Hour', calendarType: 'event' });
  const calendarId = calendar.id;
  equal((await ghl.calendars.getCalendar({ calendarId })).calendar.name, 'Hour');
  equal((await ghl.calendars.updateCalendar({ calendarId }, { description: 'An hour' })).calendar.description, 'An hour');
  deepEqual((await ghl.calendars.getCalendars({ locationId })).calendars.map((c) => c.id), [calendarId]);
  await ghl.calendars.deleteCalendar({ calendarId });
  equal((await ghl.calendars.getCalendars({ locationId })).calendars.length, 0);
}
