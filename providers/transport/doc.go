// Package transport is the HTTP client that providers share. It keeps to the
// server's rate limit as its answers state it, repeats what may be repeated,
// and turns every refusal into a *providers.APIError.
//
// The limit is a window of so many requests per interval, not a steady drip:
// a burst up to the limit goes out at once, and the rest waits for the next
// window. golang.org/x/time/rate fills its bucket continuously, so it either
// exceeds such a window or leaves part of it unused; and a retrying client
// that counts below the limiter would not be counted by it. Both are therefore
// small code of this package.
package transport
