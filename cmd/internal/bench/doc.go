// Package bench measures the built program as its users meet it: a process of
// its own that talks HTTP to a sandbox in another process, for a folder with
// one CSV of people and a resource over it.
//
// A small proxy stands between the two and counts the requests. Wall time, CPU
// time and peak memory are counted for the measured process alone, by the
// operating system. The sandbox and the proxy are left out, but they share the
// machine's cores, so CPU time says more than wall time.
package bench
