//go:build unix

package bench

import (
	"runtime"
	"syscall"
)

// peak is the most resident memory of an ended process in bytes.
func peak(usage any) int64 {
	u, ok := usage.(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return int64(u.Maxrss) // bytes there, and KiB everywhere else
	}
	return int64(u.Maxrss) << 10
}

// ownPeak returns the peak memory of this process, in bytes. A child begins as a
// copy of it, so that Linux never tells less for the child.
func ownPeak() int64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return peak(&u)
}
