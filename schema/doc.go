// Package schema is the vocabulary of lockstep: kinds and their attributes,
// addresses, values and objects.
//
// It knows nothing of APIs, of the state or of terminals. Below it,
// schema/config reads HCL files into a Config, and schema/eval evaluates that
// Config into desired objects. Values arrive there as cty and leave as the
// compact Value of this package, because an engine that carries 100,000
// objects cannot afford a cty object for each of them.
package schema
