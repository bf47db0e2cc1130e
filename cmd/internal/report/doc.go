// Package report brings together what is known of people: their activities,
// notes, tasks and appointments. It is pure: it reads neither clock nor network.
// Facts are what was read, Build makes a Report of them, and a Report is also
// the shape of the JSON that `lockstep report -format json` prints.
//
// That shape is stable. Within one major version of format_version members are
// added and none is changed or taken away; a reader ignores members that it
// does not know. Distances are kilometres (_km), durations seconds (_s), paces
// seconds for a kilometre; days are written 2026-07-20, clocks 18:30. What is
// not known is left out.
package report
