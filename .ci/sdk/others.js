import { deepEqual, equal, ok } from 'node:assert/strict';
import { ghl, locationId } from './sdk.js';

const user = 'USRa1b2c3d4e5f6g7h8i';

export async function users() {
  const { location } = await ghl.locations.getLocation({ locationId });
  equal((await ghl.users.getUserByLocation({ locationId })).users[0].id, user);
  equal((await ghl.users.searchUsers({ companyId: location.companyId, locationId, limit: '10', skip: '0' })).users[0].email, 'sam@example.com');
  equal((await ghl.users.getUser({ userId: user })).firstName, 'Sam');
}

export async function location() {
  equal((await ghl.locations.getLocation({ locationId })).location.id, locationId);
  const { customField } = await ghl.locations.createCustomField({ locationId }, { name: 'Tier', dataType: 'TEXT', model: 'contact' });
  equal((await ghl.locations.getCustomField({ locationId, id: customField.id })).customField.name, 'Tier');
  await ghl.locations.updateCustomField({ locationId, id: customField.id }, { name: 'Level' });
  equal((await ghl.locations.getCustomFields({ locationId, model: 'all' })).customFields[0].name, 'Level');
  await ghl.locations.deleteCustomField({ locationId, id: customField.id });

  const { customValue } = await ghl.locations.createCustomValue({ locationId }, { name: 'Mail', value: 'a@example.com' });
  equal((await ghl.locations.getCustomValue({ locationId, id: customValue.id })).customValue.value, 'a@example.com');
  await ghl.locations.updateCustomValue({ locationId, id: customValue.id }, { name: 'Mail', value: 'b@example.com' });
  equal((await ghl.locations.getCustomValues({ locationId })).customValues[0].value, 'b@example.com');
  await ghl.locations.deleteCustomValue({ locationId, id: customValue.id });

  const { tag } = await ghl.locations.createTag({ locationId }, { name: 'Member' });
  equal((await ghl.locations.getTagById({ locationId, tagId: tag.id })).tag.name, 'member');
  await ghl.locations.updateTag({ locationId, tagId: tag.id }, { name: 'team' });
  ok((await ghl.locations.getLocationTags({ locationId })).tags.some((t) => t.name === 'team'));
  await ghl.locations.deleteTag({ locationId, tagId: tag.id });
  ok((await ghl.locations.getTimezones({ locationId })).timeZones.length > 0);
  equal((await ghl.locations.taskSearch({ locationId }, { limit: 10, skip: 0 })).tasks.length, 0);
}

export async function associations() {
  const association = await ghl.associations.createAssociation({
    locationId, key: 'coach_of', firstObjectKey: 'contact', firstObjectLabel: 'Coach', secondObjectKey: 'business', secondObjectLabel: 'Club',
  });
  const associationId = association.id;
  equal((await ghl.associations.getAssociationByID({ associationId })).key, 'coach_of');
  equal((await ghl.associations.getAssociationKeyByKeyName({ keyName: 'coach_of', locationId })).id, associationId);
  equal((await ghl.associations.updateAssociation({ associationId }, { firstObjectLabel: 'Trainer', secondObjectLabel: 'Club' })).firstObjectLabel, 'Trainer');
  await ghl.associations.findAssociations({ locationId, skip: 0, limit: 10 });
  await ghl.associations.getAssociationByObjectKeys({ objectKey: 'contact', locationId });

  const { contact } = await ghl.contacts.createContact({ locationId, email: 'coach@example.com' });
  const made = await ghl.businesses.createBusiness({ locationId, name: 'Club' });
  const business = made.buiseness ?? made.business;
  const relation = await ghl.associations.createRelation({
    locationId, associationId, firstRecordId: contact.id, secondRecordId: business.id,
  });
  const listed = await ghl.associations.getRelationsByRecordId({ recordId: contact.id, locationId, skip: 0, limit: 10 });
  deepEqual(listed.relations.map((r) => r.id), [relation.id]);
  await ghl.associations.deleteRelation({ relationId: relation.id, locationId });
  await ghl.associations.deleteAssociation({ associationId });
}

export async function blogs() {
  equal((await ghl.blogs.getBlogs({ locationId, skip: 0, limit: 10 })).data[0].name, 'Club');
  equal((await ghl.blogs.getAllBlogAuthorsByLocation({ locationId, limit: 10, offset: 0 })).authors.length, 1);
  equal((await ghl.blogs.getAllCategoriesByLocation({ locationId, limit: 10, offset: 0 })).categories.length, 1);
  equal((await ghl.blogs.checkUrlSlugExists({ locationId, urlSlug: 'a-race' })).exists, false);
  const post = {
    locationId, blogId: 'BLG1', title: 'A race', description: 'How it went', imageUrl: 'https://example.com/a.png', imageAltText: 'A start',
    urlSlug: 'a-race', author: 'AUT1', categories: ['CAT1'], tags: ['race'], status: 'DRAFT', canonicalLink: 'https://example.com/a',
    publishedAt: '2027-01-20T10:00:00.000Z', rawHTML: '<p>It rained.</p>',
  };
  const { data } = await ghl.blogs.createBlogPost(post);
  await ghl.blogs.updateBlogPost({ postId: data._id }, { ...post, title: 'The race' });
  const listed = await ghl.blogs.getBlogPost({ locationId, blogId: 'BLG1', limit: 10, offset: 0, status: 'DRAFT' });
  deepEqual(listed.blogs.map((b) => b.title), ['The race']);
}
