// Package engine drives a run: it configures the providers, evaluates the
// files block by block, lists the live objects, lets the planner compare, and
// carries a plan out in waves while it keeps the state log.
package engine
