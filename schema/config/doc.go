// Package config reads the HCL files of a folder, and of the local modules it
// calls, into a Config.
//
// Load is the way through it: the loader reads files, a decoder turns the blocks
// of a folder into a Module (one file for each type of block that has much to
// say), a graph links what refers to each other, and the checker checks every
// reference. Files in JSON come as the same tree, from package hcljson. Test files
// (*.test.hcl) become a TestFile each, beside the Config.
//
// Everything that can be checked without evaluating is checked here, and all
// findings of one run are reported together: block types, attributes of kinds,
// references, duplicates, cycles, literal values. Package eval evaluates the
// Config afterwards.
package config
