// Package config reads the HCL files of a folder, and of the local modules it
// calls, into a Config.
//
// Everything that can be checked without evaluating is checked here, and all
// findings of one run are reported together: block types, attributes of kinds,
// references, duplicates, cycles, literal values. Package eval evaluates the
// Config afterwards.
package config
