// Package state keeps what lockstep remembers: for each address the remote id,
// the fields as last applied (the base), the remote version and flags.
//
// It is one log of JSON lines. A header comes first; a later line for the same
// address wins, and a tombstone deletes. The journal of an apply is the tail
// of that same log: an intent line is on disk before a create is sent, and a
// line with the record after its answer. Whatever line a crash cuts short, the
// whole lines before it are used; but what a batch without an end emptied is put
// back, unless it has come to another address. What was deleted and may still be
// listed has a line until its time is over. Losing the log loses nothing but
// the memory of who made what, because live objects are adopted by their natural
// keys.
package state
