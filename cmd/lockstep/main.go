// Command lockstep keeps the records of a CRM in step with files.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"lockstep/cmd/internal/command"
)

func main() {
	tuneCollector()
	// A crash that nothing recovers from must not end with the code of changes, 2,
	// and must not leave the memory on disk, tokens and all.
	debug.SetTraceback("crash")
	withoutCore()
	// The first signal lets an apply end in order; the second one kills.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	os.Exit(command.Run(ctx, command.System()))
}
