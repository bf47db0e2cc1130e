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

export async function notifications() {
  const { calendar } = await ghl.calendars.createCalendar({ locationId, name: 'Runs', calendarType: 'event' });
  const calendarId = calendar.id;
  await ghl.calendars.createEventNotification({ calendarId }, [
    { receiverType: 'contact', channel: 'email', notificationType: 'booked', isActive: true, subject: 'Soon', body: 'See you' },
  ]);
  const [made] = await ghl.calendars.getEventNotification({ calendarId });
  const notificationId = made._id ?? made.id;
  equal((await ghl.calendars.findEventNotification({ calendarId, notificationId })).subject, 'Soon');
  await ghl.calendars.updateEventNotification({ calendarId, notificationId }, { subject: 'Today' });
  equal((await ghl.calendars.getEventNotification({ calendarId }))[0].subject, 'Today');
  await ghl.calendars.deleteEventNotification({ calendarId, notificationId });
  deepEqual((await ghl.calendars.getEventNotification({ calendarId })).filter((n) => !n.deleted), []);
  await ghl.calendars.deleteCalendar({ calendarId });
}

export async function resources() {
  const resourceType = 'rooms';
  const hall = { locationId, name: 'Hall', description: '', quantity: 1, outOfService: 0, capacity: 20, calendarIds: [] };
  await ghl.calendars.createCalendarResource({ resourceType }, hall);
  const listed = await ghl.calendars.fetchCalendarResources({ resourceType, locationId, limit: 20, skip: 0 });
  equal(listed[0].name, 'Hall');
  const id = listed[0].id ?? listed[0]._id;
  equal((await ghl.calendars.getCalendarResource({ resourceType, id })).capacity, 20);
  equal((await ghl.calendars.updateCalendarResource({ resourceType, id }, { locationId, capacity: 30 })).capacity, 30);
  await ghl.calendars.deleteCalendarResource({ resourceType, id });
  equal((await ghl.calendars.fetchCalendarResources({ resourceType, locationId, limit: 20, skip: 0 })).length, 0);
}
