package transport

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"lockstep/providers"
)

// envelope gathers the shapes in which APIs dress their errors.
type envelope struct {
	Message json.RawMessage `json:"message"`
	Error   json.RawMessage `json:"error"`
	Reason  string          `json:"reason"`
	TraceID string          `json:"traceId"`
	Meta    struct {
		ContactID  string `json:"contactId"`
		ExistingID string `json:"existingId"`
	} `json:"meta"`
}

// apiError starts an error about a request.
func (c *Client) apiError(r Request, err error) *providers.APIError {
	return &providers.APIError{Method: r.Method, Path: r.Path, Server: c.address(), Err: err}
}

// refusal is the failure that an answer other than 2xx makes.
func (c *Client) refusal(r Request, answer *http.Response, content []byte) *failure {
	api := c.apiError(r, nil)
	api.Status = answer.StatusCode
	api.Gone = answer.StatusCode == http.StatusNotFound || answer.StatusCode == http.StatusGone
	var e envelope
	switch problem := notJSON(answer.Header, content); {
	case problem != "":
		api.Message = problem
	case len(bytes.TrimSpace(content)) == 0:
		api.Message = ""
	case json.Unmarshal(content, &e) != nil:
		api.Message = "the answer is JSON of an unexpected shape"
	default:
		api.Message = c.mask(e.message())
		api.TraceID = e.TraceID
		api.ExistingID = e.Meta.ContactID
		if api.ExistingID == "" {
			api.ExistingID = e.Meta.ExistingID
		}
	}
	moved := answer.StatusCode >= 300 && answer.StatusCode < 400
	if moved {
		api.Message, api.Advice, api.Extent = redirect(answer), adviceRedirect, providers.WholeServer
	}
	f := &failure{api: api, header: answer.Header}
	if answer.StatusCode >= 500 && answer.StatusCode != http.StatusNotImplemented || answer.StatusCode == http.StatusRequestTimeout {
		f.passing, f.lost = true, true
	}
	if c.options.Transient != nil && c.options.Transient(api) {
		f.passing, f.lost = true, true
	}
	if c.options.Advise != nil {
		c.options.Advise(api)
	}
	if isPage(content) && !moved {
		c.page(api)
	}
	return f
}

const adviceRedirect = "Check the address of the API: a token is not carried to another one."

// redirect returns where an answer leads.
func redirect(answer *http.Response) string {
	if u, err := url.Parse(answer.Header.Get("Location")); err == nil && u.Host != "" {
		return "a redirect to " + u.Host + ", which is not followed"
	}
	return "a redirect, which is not followed"
}

// message joins what the server says.
func (e *envelope) message() string {
	for _, raw := range []json.RawMessage{e.Message, e.Error} {
		if text := words(raw); text != "" {
			return text
		}
	}
	return e.Reason
}

// words are the texts of a string, of an array, or of an object's message.
func words(raw json.RawMessage) string {
	if len(raw) == 0 {
		return ""
	}
	var one string
	if json.Unmarshal(raw, &one) == nil {
		return one
	}
	var many []json.RawMessage
	if json.Unmarshal(raw, &many) == nil {
		parts := make([]string, 0, len(many))
		for _, item := range many {
			if text := words(item); text != "" {
				parts = append(parts, text)
			}
		}
		return strings.Join(parts, "; ")
	}
	var nested struct {
		Message json.RawMessage `json:"message"`
	}
	if json.Unmarshal(raw, &nested) == nil {
		return words(nested.Message)
	}
	return ""
}

// isPage reports whether a body is a page for people, or another text in tags.
func isPage(content []byte) bool { return bytes.HasPrefix(bytes.TrimSpace(content), []byte("<")) }

var title = regexp.MustCompile(`(?is)<title[^>]*>\s*(.*?)\s*</title>`)

// notJSON describes a body that is not JSON; empty when it is, or is empty.
func notJSON(header http.Header, content []byte) string {
	trimmed := bytes.TrimSpace(content)
	if len(trimmed) == 0 {
		return ""
	}
	if end := map[byte]byte{'{': '}', '[': ']', '"': '"'}[trimmed[0]]; end != 0 {
		// Looking at both ends finds the answer that a proxy cut off without
		// reading every page twice.
		if trimmed[len(trimmed)-1] != end {
			return "JSON that ends too early"
		}
		return ""
	}
	if isPage(trimmed) {
		if m := title.FindSubmatch(trimmed[:min(len(trimmed), 4096)]); m != nil {
			return fmt.Sprintf("an HTML page (%.80s) instead of JSON", m[1])
		}
		return "an HTML page instead of JSON"
	}
	kind, _, _ := strings.Cut(header.Get("Content-Type"), ";")
	if kind == "" {
		kind = "unknown type"
	}
	return fmt.Sprintf("a body of %s instead of JSON", kind)
}
