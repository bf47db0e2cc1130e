package backendtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync/atomic"
)

// Lossy is an address at which the server loses answers, as long as the context
// lasts: the connection breaks in the place of each nth thing that the server says.
func (p *Postgres) Lossy(ctx context.Context, n int64) (address string, err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	context.AfterFunc(ctx, func() { _ = listener.Close() })
	var said atomic.Int64
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go p.pass(client, func() bool { return said.Add(1)%n == 0 })
		}
	}()
	return p.addressAt(listener.Addr().(*net.TCPAddr).Port), nil
}

// pass carries what a client and the server say, until the answer is to be lost.
func (p *Postgres) pass(client net.Conn, lost func() bool) {
	server, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", p.port))
	if err != nil {
		_ = client.Close()
		return
	}
	end := func() { _ = errors.Join(client.Close(), server.Close()) }
	go func() {
		defer end()
		_, _ = io.Copy(server, client)
	}()
	defer end()
	answer := make([]byte, 1<<16)
	for {
		n, err := server.Read(answer)
		if err != nil || lost() {
			return
		}
		if _, err := client.Write(answer[:n]); err != nil {
			return
		}
	}
}
