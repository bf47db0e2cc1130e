//go:build !unix

package backendtest

import "syscall"

// owner says as whom the server runs.
func (p *Postgres) owner() (*syscall.SysProcAttr, error) { return nil, nil }
