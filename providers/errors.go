package providers

import (
	"fmt"
	"strings"
)

// Extent is how far a failure reaches beyond its request.
type Extent uint8

// The extents.
const (
	// OneRequest fails, and others may succeed.
	OneRequest Extent = iota
	// WholeAccount fails: its token is refused, whatever is asked.
	WholeAccount
	// WholeServer fails, for each account behind it: it cannot be reached.
	WholeServer
)

// APIError is an answer that refused a request. It never holds a secret.
type APIError struct {
	// Method and Path of the request, without query.
	Method, Path string
	// Server is the address that the request was for, without path.
	Server string
	// Status is the HTTP status, 0 when no answer came.
	Status int
	// Message is the server's own words.
	Message string
	// TraceID is the server's name for the request, empty when it gave none.
	TraceID string
	// Field is the path of the attribute that the server complained about,
	// empty when it named none.
	Field string
	// ExistingID is the id of the object that stands in the way of a create.
	ExistingID string
	// Advice tells what to do, as a sentence; empty when there is nothing to
	// advise.
	Advice string
	// Scopes are those that the request needs, when a missing one is the reason.
	Scopes []string
	// Gone is true when the object of the request does not exist.
	Gone bool
	// Extent is how far the failure reaches.
	Extent Extent
	// Err is the transport's error when no answer came.
	Err error
}

// Error renders the parts that are known on one line.
func (e *APIError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: ", e.Method, e.Path)
	switch {
	case e.Status != 0:
		fmt.Fprintf(&b, "%d", e.Status)
		if e.Message != "" {
			fmt.Fprintf(&b, " %q", e.Message)
		}
	case e.Err != nil:
		b.WriteString(e.Err.Error())
	default:
		b.WriteString("no answer")
	}
	if e.TraceID != "" {
		fmt.Fprintf(&b, " (trace %s)", e.TraceID)
	}
	return b.String()
}

// Unwrap returns the transport's error.
func (e *APIError) Unwrap() error { return e.Err }

// AccountError reports that one of the accounts behind a provider could not be
// read. The others may be readable.
type AccountError struct {
	// Account is its name in the files.
	Account string
	// ID is the id of the single object that was asked for, where it is known
	// without reading it.
	ID string
	// Skip is set when a plan is to go on without the account.
	Skip bool
	Err  error
}

// Error names the account.
func (e *AccountError) Error() string { return fmt.Sprintf("account %q: %s", e.Account, e.Err) }

// Unwrap gives the reason.
func (e *AccountError) Unwrap() error { return e.Err }

// FieldError reports that a value in a file does not suit its attribute.
type FieldError struct {
	// Path of the attribute.
	Path string
	// Problem is a sentence part: `"abc" is not a phone number`.
	Problem string
	// Advice tells what to do, as a sentence.
	Advice string
}

// Error renders problem and advice.
func (e *FieldError) Error() string {
	if e.Advice == "" {
		return fmt.Sprintf("%s: %s", e.Path, e.Problem)
	}
	return fmt.Sprintf("%s: %s. %s", e.Path, e.Problem, e.Advice)
}
