//go:build !unix

package main

// withoutCore does nothing: these systems write no memory to disk by themselves.
func withoutCore() {}
