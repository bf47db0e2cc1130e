//go:build !unix

package files

// NoFollow is the flag of os.OpenFile that refuses to open a link; 0 on
// platforms without it.
const NoFollow = 0
