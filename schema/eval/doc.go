// Package eval evaluates a Config into desired objects, block by block.
//
// The engine asks for the blocks in the order of their dependencies, expands
// each into instances, and tells the values of the objects back with Provide,
// so that later blocks can refer to them. Nothing is evaluated before it is
// needed, a value that does not change from instance to instance is evaluated
// once, and a reference to one instance of a block does not build the
// collection of all of them: a body costs the same whether a block has ten
// instances or a hundred thousand.
package eval
