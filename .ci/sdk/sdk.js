// HighLevel's SDK, pointed at the sandbox that the environment names.
import { readFileSync } from 'node:fs';
import { HighLevel } from '@gohighlevel/api-client';

HighLevel.BASE_URL = process.env.GHL_BASE_URL;

const answered = [];

// recorded notes the calls of a client that were answered with success.
function recorded(client) {
  client.addResponseInterceptor({
    onFulfilled: (response) => {
      answered.push([response.config.method.toUpperCase(), response.config.url]);
      return response;
    },
  });
  return client;
}

export const locationId = process.env.GHL_LOCATION_ID;

// ghl has the token of the location's private integration.
export const ghl = recorded(new HighLevel({ privateIntegrationToken: process.env.GHL_TOKEN, logLevel: 'none' }));

// agency lets the app in as an agency does, and returns a client with its token
// and the id of the agency.
export async function agency(scope) {
  const redirect = 'http://127.0.0.1/back';
  const ask = new URLSearchParams({
    response_type: 'code', client_id: process.env.GHL_CLIENT_ID, redirect_uri: redirect, scope, user_type: 'Company',
  });
  const approved = await fetch(`${process.env.GHL_AUTHORIZE_URL}?${ask}`, { redirect: 'manual' });
  const tokens = await ghl.oauth.getAccessToken({
    client_id: process.env.GHL_CLIENT_ID, client_secret: process.env.GHL_CLIENT_SECRET, grant_type: 'authorization_code',
    code: new URL(approved.headers.get('location')).searchParams.get('code'), redirect_uri: redirect, user_type: 'Company',
  });
  const client = recorded(new HighLevel({
    clientId: process.env.GHL_CLIENT_ID, clientSecret: process.env.GHL_CLIENT_SECRET, agencyAccessToken: tokens.access_token, logLevel: 'none',
  }));
  return { client, companyId: tokens.companyId };
}

// operations are those of the catalogue, by name.
export function operations() {
  return readFileSync('operations.csv', 'utf8').trim().split('\n').slice(1).map((line) => {
    const [, name, method, path] = line.split(',');
    return { name, method, segments: path.split('/') };
  });
}

// fits reports whether a call is an operation, which may have placeholders.
function fits(operation, [method, url]) {
  const got = url.split('/');
  return operation.method === method && got.length === operation.segments.length &&
    operation.segments.every((segment, i) => segment === got[i] || segment.startsWith('{') && got[i] !== '');
}

const placeholders = (operation) => operation.segments.filter((segment) => segment.startsWith('{')).length;

// happened lists the operations that were carried out. A call that several fit is
// the one with the fewest placeholders.
export function happened() {
  const all = operations();
  const names = new Set();
  for (const call of answered) {
    const fitting = all.filter((operation) => fits(operation, call));
    const least = Math.min(...fitting.map(placeholders));
    for (const operation of fitting) {
      if (placeholders(operation) === least) names.add(operation.name);
    }
  }
  return names;
}
