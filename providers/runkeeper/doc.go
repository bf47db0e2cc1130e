// Package runkeeper is the provider of Runkeeper: people who shared their
// activities, each an account by a name of one's own.
//
// What people share is their data export, which is read and never written. It
// says no name, no e-mail address and no phone number: who a person is in
// another system is for the files to say. Those who have a key of Runkeeper's
// API, which have not been given out since 2017, can also write: activities,
// strength sessions, measurements, settings, the type of athlete, invitations
// and comments. What the API has no way to delete is forgotten instead.
//
// Nothing that is made can be told from its double: there is no idempotency
// key. So whatever is to be made is looked for first, by account, type and
// time, and again when its answer was lost.
//
// Numbers carry their unit in their name, distances in metres and in
// kilometres. Times are the clock on the wall where the activity was, with its
// offset from UTC as far as that is known. Days, weeks and months go by that
// clock; weeks begin on Monday.
//
// A new kind needs its file, its line in New, and its data source or, when it
// can be written, its sample for the conformance suite.
package runkeeper
