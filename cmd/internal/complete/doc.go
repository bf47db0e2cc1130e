// Package complete speaks with the shells that complete command lines: it has a
// script for each, reads the line that one gives, and writes what may stand next.
//
// The scripts know no command. They ask the program itself, by its hidden command
// __complete, and need no other package in the shell.
package complete
