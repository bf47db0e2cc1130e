// Package sandbox emulates the HighLevel (GoHighLevel) API v2 for one location:
// contacts, tags, tasks, notes, custom fields, custom values and users.
//
// It is an http.Handler that any client of the real API can talk to. It keeps
// the real API's oddities on purpose: what is not found answers 400, a missing
// scope answers 401, unknown properties answer 422, search renames address1 to
// address and answers null where a read by id omits the field, and search may
// lag behind writes. A client that works here has met those oddities before it
// meets them in production.
//
// A request runs through a chain (app, token, version, limit, faults) into a
// declared table of routes. Each route names its method, pattern, scope and the
// shape of its query and body, so that validation is the same everywhere. All
// objects live in memory; with a data directory every change is also appended
// to a log before it is answered, and the log is replayed on the next Open.
//
// Besides a private integration token it takes OAuth access tokens, which it
// gives out itself: by the authorize page, the token endpoint with its rotating
// refresh tokens, and the agency's call for a location's token. A fault plan
// (Faults) makes requests go wrong in the ways that networks and the real API
// do, the same way for the same seed.
package sandbox
