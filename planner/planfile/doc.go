// Package planfile saves a plan and reads it back. The file is JSON, readable
// by its owner only. It is a picture to look at and to compare with: applying
// it plans again and refuses whatever is no longer the same. Sensitive values
// are left out of it.
package planfile
