//go:build !unix

package files

// NoFollow is the flag of os.OpenFile that refuses to open a link; 0 on
// platforms without it.
const NoFollow = 0

// noWait makes opening a pipe return at once; 0 on platforms without such pipes.
const noWait = 0
