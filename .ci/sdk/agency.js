import { deepEqual, equal, ok } from 'node:assert/strict';
import { agency, locationId } from './sdk.js';

const scope = 'users.readonly users.write locations.readonly locations.write companies.readonly snapshots.readonly';

export async function agencies() {
  const { client, companyId } = await agency(scope);
  equal((await client.companies.getCompany({ companyId })).company.id, companyId);
  deepEqual((await client.snapshots.getCustomSnapshots({ companyId })).snapshots.map((s) => s.name), ['Club']);
  ok((await client.locations.searchLocations({ companyId, limit: '10', skip: '0' })).locations.some((l) => l.id === locationId));
  const made = await client.locations.createLocation({ companyId, name: 'Second club', country: 'AT' });
  equal((await client.locations.getLocation({ locationId: made.id })).location.name, 'Second club');
  await client.locations.putLocation({ locationId: made.id }, { companyId, name: 'Third club' });

  const user = await client.users.createUser({
    companyId, firstName: 'Kim', lastName: 'Rep', email: 'kim@example.com', password: 'Secret-1', type: 'account', role: 'user', locationIds: [locationId],
  });
  equal((await client.users.getUser({ userId: user.id })).firstName, 'Kim');
  await client.users.updateUser({ userId: user.id }, { companyId, firstName: 'Kimberly' });
  deepEqual((await client.users.filterUsersByEmail({ companyId, emails: 'kim@example.com', projection: 'all' })).users.map((u) => u.firstName), ['Kimberly']);
  await client.users.deleteUser({ userId: user.id });
}
