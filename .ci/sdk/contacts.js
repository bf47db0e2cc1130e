import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { ghl, locationId } from './sdk.js';

const user = 'USRa1b2c3d4e5f6g7h8i';

export async function contacts() {
  const { contact } = await ghl.contacts.createContact({ locationId, firstName: 'Ada', email: 'ada@example.com', tags: ['vip'] });
  const contactId = contact.id;
  equal((await ghl.contacts.getContact({ contactId })).contact.firstName, 'Ada');
  await rejects(ghl.contacts.createContact({ locationId, email: 'ada@example.com' }), { statusCode: 400 });
  equal((await ghl.contacts.updateContact({ contactId }, { lastName: 'Ode' })).contact.lastName, 'Ode');
  equal((await ghl.contacts.upsertContact({ locationId, email: 'ada@example.com', city: 'Graz' })).new, false);
  equal((await ghl.contacts.getDuplicateContact({ locationId, email: 'ada@example.com' })).contact.id, contactId);
  equal((await ghl.contacts.searchContactsAdvanced({ locationId, pageLimit: 20, query: 'ada@' })).total, 1);
  equal((await ghl.contacts.getContacts({ locationId, limit: 10, query: 'ada@' })).contacts.length, 1);

  deepEqual((await ghl.contacts.addTags({ contactId }, { tags: ['Runner'] })).tags.sort(), ['runner', 'vip']);
  deepEqual((await ghl.contacts.removeTags({ contactId }, { tags: ['runner'] })).tags, ['vip']);
  equal((await ghl.contacts.createAssociation({ type: 'add' }, { locationId, contacts: [contactId], tags: ['club'] })).responses.length, 1);
  deepEqual((await ghl.contacts.addFollowersContact({ contactId }, { followers: [user] })).followers, [user]);
  deepEqual((await ghl.contacts.removeFollowersContact({ contactId }, { followers: [user] })).followers, []);

  await ghl.contacts.addContactToCampaign({ contactId, campaignId: 'CAM1' }, {});
  await ghl.contacts.removeContactFromCampaign({ contactId, campaignId: 'CAM1' });
  await ghl.contacts.removeContactFromEveryCampaign({ contactId });
  await ghl.contacts.addContactToWorkflow({ contactId, workflowId: 'WF1' }, { eventStartTime: '2027-01-20T10:00:00+01:00' });
  await ghl.contacts.deleteContactFromWorkflow({ contactId, workflowId: 'WF1' }, {});
  equal((await ghl.workflows.getWorkflow({ locationId })).workflows.length, 1);
  equal((await ghl.campaigns.getCampaigns({ locationId, status: 'published' })).campaigns.length, 2);

  await tasks(contactId);
  await notes(contactId);
  await ghl.contacts.getAppointmentsForContact({ contactId });
  await ghl.contacts.deleteContact({ contactId });
  await rejects(ghl.contacts.getContact({ contactId }), { statusCode: 400 });
}

async function tasks(contactId) {
  const { task } = await ghl.contacts.createTask({ contactId }, { title: 'Call', dueDate: '2027-01-20T10:00:00Z', completed: false });
  const taskId = task.id;
  equal((await ghl.contacts.getTask({ contactId, taskId })).task.title, 'Call');
  equal((await ghl.contacts.updateTask({ contactId, taskId }, { body: 'Soon' })).task.body, 'Soon');
  equal((await ghl.contacts.updateTaskCompleted({ contactId, taskId }, { completed: true })).task.completed, true);
  equal((await ghl.contacts.getAllTasks({ contactId })).tasks.length, 1);
  await ghl.contacts.deleteTask({ contactId, taskId });
  equal((await ghl.contacts.getAllTasks({ contactId })).tasks.length, 0);
}

async function notes(contactId) {
  const { note } = await ghl.contacts.createNote({ contactId }, { body: 'Met at the fair' });
  equal((await ghl.contacts.getNote({ contactId, id: note.id })).note.body, 'Met at the fair');
  equal((await ghl.contacts.updateNote({ contactId, id: note.id }, { body: 'Met again' })).note.body, 'Met again');
  ok((await ghl.contacts.getAllNotes({ contactId })).notes.every((n) => n.userId !== null), 'the user of a note is never null');
  await ghl.contacts.deleteNote({ contactId, id: note.id });
  equal((await ghl.contacts.getAllNotes({ contactId })).notes.length, 0);
}

export async function businesses() {
  const made = await ghl.businesses.createBusiness({ locationId, name: 'Ode Ltd' });
  const businessId = (made.buiseness ?? made.business).id;
  const { contact } = await ghl.contacts.createContact({ locationId, email: 'staff@example.com' });
  await ghl.contacts.addRemoveContactFromBusiness({ locationId, ids: [contact.id], businessId });
  equal((await ghl.contacts.getContactsByBusinessId({ businessId, locationId, limit: 10 })).contacts[0].id, contact.id);
  equal((await ghl.businesses.getBusiness({ businessId })).business.name, 'Ode Ltd');
  await ghl.businesses.updateBusiness({ businessId }, { city: 'Graz' });
  equal((await ghl.businesses.getBusinessesByLocation({ locationId, limit: '10', skip: '0' })).businesses[0].city, 'Graz');
  await ghl.businesses.deleteBusiness({ businessId });
  equal((await ghl.businesses.getBusinessesByLocation({ locationId })).businesses.length, 0);
  await ghl.contacts.deleteContact({ contactId: contact.id });
}

export async function opportunities() {
  const { contact } = await ghl.contacts.createContact({ locationId, email: 'deal@example.com' });
  const { pipelines } = await ghl.opportunities.getPipelines({ locationId });
  const pipelineId = pipelines[0].id;
  const made = await ghl.opportunities.createOpportunity({ locationId, contactId: contact.id, pipelineId, name: 'Deal', status: 'open' });
  const id = made.opportunity.id;
  equal((await ghl.opportunities.getOpportunity({ id })).opportunity.pipelineStageId, pipelines[0].stages[0].id);
  equal((await ghl.opportunities.updateOpportunity({ id }, { monetaryValue: 12.5 })).opportunity.monetaryValue, 12.5);
  const { lostReasons } = await ghl.opportunities.getLostReason({ locationId, limit: 10, skip: 0 });
  await ghl.opportunities.updateOpportunityStatus({ id }, { status: 'lost', lostReasonId: lostReasons[0].id });
  const upserted = await ghl.opportunities.upsertOpportunity({
    id, locationId, pipelineId, name: 'Big deal', followers: [], isRemoveAllFollowers: false, followersActionType: 'add',
  });
  deepEqual([upserted.new, upserted.opportunity.name], [false, 'Big deal']);
  await ghl.opportunities.addFollowersOpportunity({ id }, { followers: [user] });
  await ghl.opportunities.removeFollowersOpportunity({ id }, { followers: [user] });
  const found = await ghl.opportunities.searchOpportunity({ locationId, limit: 10 });
  deepEqual([found.meta.total, found.opportunities[0].status], [1, 'lost']);
  const details = { notes: false, tasks: false, calendarEvents: false, unReadConversations: false };
  const filtered = await ghl.opportunities.searchOpportunitiesAdvanced({
    locationId, query: 'big', limit: 10, page: 1, searchAfter: [], additionalDetails: details,
  });
  deepEqual([filtered.total, filtered.opportunities[0].name], [1, 'Big deal']);
  await ghl.opportunities.deleteOpportunity({ id });
  await rejects(ghl.opportunities.getOpportunity({ id }));
  await ghl.contacts.deleteContact({ contactId: contact.id });
}
