// Package eval evaluates a Config into desired objects, block by block.
//
// A scope is one instance of a module, where expressions are evaluated; roots are
// the values that they refer to. An item is one repetition of a block: a loop
// makes items of the rows of a table without making values of the language of
// them. A body makes the fields of each item, and rules check them.
//
// Sources go the other way: they find where the value of a field is written
// (written.go, elements.go, reading.go), and what else is made of it (uses.go).
//
// The engine asks for the blocks in the order of their dependencies, expands
// each into instances, and tells the values of the objects back with Provide,
// so that later blocks can refer to them. Nothing is evaluated before it is
// needed, a value that does not change from instance to instance is evaluated
// once, and a reference to one instance of a block does not build the
// collection of all of them: a body costs the same whether a block has ten
// instances or a hundred thousand.
package eval
