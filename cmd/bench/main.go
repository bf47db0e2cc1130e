// Command bench measures the lockstep binary against the sandbox and prints the
// tables in Markdown: go run ./cmd/bench
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"

	"lockstep/cmd/internal/bench"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := bench.Main(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}
