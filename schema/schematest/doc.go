// Package schematest holds what the tests of the language share: a small
// catalog, folders of files, and archives that say what is wanted of them.
package schematest
