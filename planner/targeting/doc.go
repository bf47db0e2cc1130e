// Package targeting finds which objects a plan is about when the command line
// names some with -target or -exclude. It is pure: selectors and the blocks of the
// files go in, and a Scope that answers for each address comes out.
package targeting
