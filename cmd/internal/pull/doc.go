// Package pull writes files for objects that exist: blocks in HCL, or a table with
// one block that goes through its rows, with the import blocks that join them to the
// live objects. A plan of these files changes nothing. It is pure: it reads neither
// network nor files, and knows no kind by its name. The declaration of a kind says
// what is written of an object, what it is called, and what it refers to.
package pull
