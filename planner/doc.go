// Package planner compares what the files want with what is live and what was
// last applied, and makes a Plan of it: plain data that can be shown, counted,
// saved and carried out later.
//
// The package is pure. It has no clock, no network, no randomness and no
// goroutines: the same input gives the same bytes. Around it, planner/state
// keeps the log of what was applied, planner/engine reads, evaluates and
// carries out, and planner/planfile saves a plan.
package planner
