//go:build unix

package files

import "syscall"

// NoFollow is the flag of os.OpenFile that refuses to open a link; 0 on
// platforms without it.
const NoFollow = syscall.O_NOFOLLOW

// noWait makes opening a pipe return at once.
const noWait = syscall.O_NONBLOCK
