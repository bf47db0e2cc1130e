//go:build unix

package main

import "syscall"

// withoutCore keeps the system from writing the memory of this process to disk when
// it crashes. One byte is the limit that Linux also keeps to where a program takes
// the dump, to which it would hand all of it at a limit of none (core(5)).
func withoutCore() {
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_CORE, &limit) != nil {
		return
	}
	limit.Cur = min(1, limit.Max)
	// Where it fails a dump needs the user's leave all the same.
	_ = syscall.Setrlimit(syscall.RLIMIT_CORE, &limit)
}
