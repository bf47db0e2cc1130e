// Package runkeeper is the provider of Runkeeper: people who shared their
// activities, each an account by a name of one's own.
//
// What people share is their data export, which is read and never written. It
// says no name, no e-mail address and no phone number: who a person is in
// another system is for the files to say.
//
// Numbers carry their unit in their name, distances in metres and in
// kilometres. Times are the clock on the wall where the activity was, with its
// offset from UTC as far as that is known. Days, weeks and months are those of
// that clock; weeks begin on Monday.
//
// A new kind needs its file, its line in New and its data source.
package runkeeper
