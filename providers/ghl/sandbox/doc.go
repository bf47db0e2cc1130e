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
// A request runs through a chain (app, token, version, limit, route, faults) to
// the route that serves it. Each route names its method, pattern, scope and the
// shape of its query and body, so that validation is the same everywhere. All
// objects live in memory; with a data directory every change is also appended
// to a log before it is answered, and the log is replayed on the next Open.
//
// A kind of object is one file. It declares a resource: the collection that keeps
// the objects and registers itself with the log, the paths, scopes, envelopes and
// shapes of the usual calls, and in hooks what is odd about it. Calls of its own
// are further routes. A line in kinds makes it part of every location; objects
// that go with a contact are registered with the contacts as a belonging. So the
// file of custom values is all there is to them.
//
// Besides a private integration token it takes OAuth access tokens, which it
// gives out itself: by the authorize page, the token endpoint with its rotating
// refresh tokens, and the agency's call for a location's token. A fault plan
// (Faults) makes requests go wrong in the ways that networks and the real API
// do, the same way for the same seed.
package sandbox
