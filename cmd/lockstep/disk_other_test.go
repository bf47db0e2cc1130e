//go:build !unix

package main

// small is lockstep, as a system without limits of file sizes has no full disk to
// offer: the test that wants one skips itself.
func small() { main() }
