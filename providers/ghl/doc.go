// Package ghl is the provider of HighLevel (GoHighLevel): one location, also
// called a sub-account, with its contacts, tags, tasks, notes, custom fields
// and custom values.
//
// A kind is declared, not programmed: its file says which attributes people
// write, under which property each one travels in requests, answers and
// search results, and by which calls objects are listed, read, created,
// updated and deleted. The generic code executes those declarations. A hook
// in a declaration marks what is odd about a kind.
//
// Values are normalised here, at the edge: what List and Get return is spelt
// as Normalize spells what a file wants, so an apply is followed by an empty
// plan.
//
// A new kind needs its file, its line in New, and a sample for the
// conformance test, which fails without one.
package ghl
