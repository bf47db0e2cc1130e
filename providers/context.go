package providers

import "context"

// askedBy is the key of the context of whoever asked for a call.
type askedBy struct{}

// Begun is a context for a call that is to be finished once it has begun, so
// that its answer can be recorded: it does not end with ctx. Only what is not
// under way yet may end with it; see Patience.
func Begun(ctx context.Context) context.Context {
	return context.WithValue(context.WithoutCancel(ctx), askedBy{}, ctx)
}

// Patience returns the context of a wait before a request is sent. It ends with
// ctx, or with the context that Begun was given: a rate limit may hold a request
// back for a quarter of an hour, and a user who stops the program waits for
// answers only. The function must be called in the end.
func Patience(ctx context.Context) (context.Context, context.CancelFunc) {
	both, cancel := context.WithCancel(ctx)
	asked, ok := ctx.Value(askedBy{}).(context.Context)
	if !ok {
		return both, cancel
	}
	stop := context.AfterFunc(asked, cancel)
	return both, func() {
		stop()
		cancel()
	}
}
