// Package view renders what the commands found, for people and as JSON. It
// decides nothing and reads nothing but what it is given: a plan, diagnostics,
// a report. Output is sorted and deterministic; only the time stamps of the
// event stream differ between equal runs.
package view
