import { deepEqual, equal, rejects } from 'node:assert/strict';
import { ghl, locationId } from './sdk.js';

// A Tuesday, from midnight to midnight.
const startTime = String(Date.parse('2027-01-05T00:00:00-05:00'));
const endTime = String(Date.parse('2027-01-06T00:00:00-05:00'));

// booked is a calendar that is open on working days, with a contact.
async function booked(email) {
  const { calendar } = await ghl.calendars.createCalendar({ locationId, name: 'Hour with a coach', calendarType: 'event' });
  const { contact } = await ghl.contacts.createContact({ locationId, email });
  return {
    calendarId: calendar.id, contactId: contact.id,
    remove: async () => {
      await ghl.calendars.deleteCalendar({ calendarId: calendar.id });
      await ghl.contacts.deleteContact({ contactId: contact.id });
    },
  };
}

const events = async (calendarId) => (await ghl.calendars.getCalendarEvents({ locationId, calendarId, startTime, endTime })).events;

export async function appointments() {
  const { calendarId, contactId, remove } = await booked('run@example.com');
  const slots = await ghl.calendars.getSlots({ calendarId, startDate: Number(startTime), endDate: Number(endTime), timezone: 'America/New_York' });
  const [first, second, third] = slots['2027-01-05'].slots;
  const made = await ghl.calendars.createAppointment({ locationId, calendarId, contactId, startTime: first, title: 'Run', toNotify: false });
  const eventId = made.id;
  const read = async () => (await ghl.calendars.getAppointment({ eventId })).appointment;
  equal(Date.parse((await read()).startTime), Date.parse(first));
  await rejects(ghl.calendars.createAppointment({ locationId, calendarId, contactId, startTime: first, toNotify: false }));
  // The end does not move with the start.
  await ghl.calendars.editAppointment({ eventId }, { startTime: second, endTime: third, title: 'Long run', toNotify: false });
  deepEqual((await events(calendarId)).map((e) => [e.title, Date.parse(e.startTime)]), [['Long run', Date.parse(second)]]);
  await ghl.calendars.deleteEvent({ eventId }, {});
  equal((await read()).deleted, true);
  await remove();
}

export async function appointmentNotes() {
  const { calendarId, contactId, remove } = await booked('note@example.com');
  const { id: appointmentId } = await ghl.calendars.createAppointment({
    locationId, calendarId, contactId, startTime: '2027-01-05T10:00:00-05:00', toNotify: false,
  });
  const noteId = (await ghl.calendars.createAppointmentNote({ appointmentId }, { body: 'Came early' })).note.id;
  equal((await ghl.calendars.updateAppointmentNote({ appointmentId, noteId }, { body: 'Came late' })).note.body, 'Came late');
  const notes = async () => (await ghl.calendars.getAppointmentNotes({ appointmentId, limit: 10, offset: 0 })).notes;
  deepEqual((await notes()).map((n) => n.body), ['Came late']);
  await ghl.calendars.deleteAppointmentNote({ appointmentId, noteId });
  deepEqual(await notes(), []);
  await remove();
}

export async function blockSlots() {
  const { calendarId, remove } = await booked('block@example.com');
  const lunch = { locationId, calendarId, startTime: '2027-01-05T12:00:00-05:00', endTime: '2027-01-05T13:00:00-05:00' };
  const { id: eventId } = await ghl.calendars.createBlockSlot({ ...lunch, title: 'Lunch' });
  equal((await ghl.calendars.editBlockSlot({ eventId }, { ...lunch, title: 'Dinner' })).title, 'Dinner');
  const blocked = async () => (await ghl.calendars.getBlockedSlots({ locationId, calendarId, startTime, endTime })).events;
  deepEqual((await blocked()).map((b) => b.title), ['Dinner']);
  await ghl.calendars.deleteEvent({ eventId }, {});
  deepEqual(await blocked(), []);
  await remove();
}
