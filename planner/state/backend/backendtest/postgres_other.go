//go:build !unix

package backendtest

import "syscall"

// owner returns the user that the server runs as.
func (p *Postgres) owner() (*syscall.SysProcAttr, error) { return nil, nil }
