// Package ghl is the provider of HighLevel (GoHighLevel): one location, also
// called a sub-account, with its contacts, tags, tasks, notes, businesses,
// custom fields and custom values.
//
// A kind is declared, not programmed: its file names the attributes that people
// write, the property under which each one travels in requests, answers and
// search results, the calls that list, read, create, update and delete objects,
// and the data sources. The generic code executes those declarations and names
// no kind. The words of a declaration stand in kind.go, attribute.go and
// paging.go; what no word can say is a hook among its oddities.
//
// The generic code, by what it does: list.go and ahead.go read pages, get.go
// single objects, decode.go what comes back; group.go divides writes over calls,
// do.go, body.go and bulk.go make them; api.go sends requests and explains
// refusals; account.go has what is learnt about the location on the way.
//
// Values are normalised here, at the edge: what List and Get return is spelt
// as Normalize spells what a file wants, so an apply is followed by an empty
// plan.
//
// README.md tells how to add a kind, and lists those that there are.
package ghl
