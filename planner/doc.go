// Package planner compares what the files want with what is live and what was
// last applied, and makes a Plan of it: plain data that can be shown, counted,
// saved and carried out later.
//
// The package is pure. It has no clock, no network, no randomness and no
// goroutines: the same input gives the same bytes. Around it, planner/state
// keeps the log of what was applied, planner/engine reads, evaluates and
// carries out, and planner/planfile saves a plan.
//
// A Matcher works through one kind. It gives each object of a resource block its
// live object, by record, by import or by natural key (match.go, find.go); then
// each instance of a mapping, which is one more author of an object that a
// resource may have planned already (target.go, mapping.go, authors.go); then what
// has a record and is no longer wanted (orphan.go). diff.go compares three sides field
// by field, verdict.go decides between the two sides of a mapping, guard.go stops
// what would destroy too much, and waves.go puts the changes in order.
package planner
