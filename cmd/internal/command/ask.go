package command

import (
	"bufio"
	"context"
	"fmt"
	"strings"

	"lockstep/cmd/internal/view"
)

// ask puts a question to which only the word yes is an approval. The error is that
// the run was interrupted.
func (p *printer) ask(ctx context.Context, question string) (yes bool, err error) {
	question = view.Fit(question, p.env.wrapWidth(p.env.StderrTerminal))
	fmt.Fprintf(p.env.Stderr, "\n%s\n  Only 'yes' will be accepted to approve.\n\n  Enter a value: ", question)
	answer := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(p.env.Stdin).ReadString('\n')
		answer <- line
	}()
	select {
	case <-ctx.Done():
		fmt.Fprintln(p.env.Stderr)
		return false, ctx.Err()
	case line := <-answer:
		if yes = strings.TrimSpace(line) == "yes"; yes || !strings.HasSuffix(line, "\n") {
			fmt.Fprintln(p.env.Stderr)
		}
		return yes, nil
	}
}
