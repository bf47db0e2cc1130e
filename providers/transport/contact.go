package transport

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"lockstep/providers"
)

// Until a server has answered for the first time it is not known to be there at
// all: a wrong address should be told at once, while a server that went away is
// waited for.
const (
	// firstFailures is how often the first request may fail.
	firstFailures = 3
	// lastRefusals is how often in a row a token that was good may be refused until
	// it is not sent again: it was revoked, and asking on would use up the quota.
	lastRefusals = 3
	// silence is how long nothing is heard before that is told. A first attempt
	// that takes as long is not repeated.
	silence = 3 * time.Second
)

// Contact is what is known of a server, or of a token, from the answers so far.
// The zero value knows nothing. It is safe for concurrent use.
type Contact struct {
	// From names what gave the address of a server, such as GHL_BASE_URL; empty for
	// the address of the API itself.
	From string
	// made is set once a request has got through.
	made atomic.Bool
	// refused counts the refusals in a row.
	refused atomic.Int32
	// failed is why none gets through: others would fail likewise.
	failed atomic.Pointer[providers.APIError]
}

// giveUp notes why no request gets through, and keeps the first reason. One that has
// got through before may fail so often in a row; 0 is always.
func (c *Contact) giveUp(why *providers.APIError, most int32) {
	if refused := c.refused.Add(1); !c.made.Load() || most > 0 && refused >= most {
		c.failed.CompareAndSwap(nil, why)
	}
}

// gotThrough notes that a request did.
func (c *Contact) gotThrough() {
	c.made.Store(true)
	c.refused.Store(0)
}

// learn notes how an attempt ended.
func (c *Client) learn(f *failure) {
	if f == nil || f.api.Status != 0 && f.api.Extent != providers.WholeServer {
		c.server.gotThrough()
	}
	if f == nil {
		c.token.gotThrough()
	}
}

// giveUp notes a failure that reaches beyond its request.
func (c *Client) giveUp(api *providers.APIError) {
	switch {
	case errors.Is(api.Err, ErrUncertain):
		// It may have got through.
	case api.Extent == providers.WholeServer:
		c.server.giveUp(api, 0)
	case api.Extent == providers.WholeAccount:
		c.token.giveUp(api, lastRefusals)
	}
}

// patience returns after how many failures a request is given up.
func (c *Client) patience(f *failure) int {
	switch {
	case c.server.made.Load():
		return maxFailures
	case f.took >= silence:
		return 1
	default:
		return firstFailures
	}
}

// listen tells of a server that does not answer, until the returned function is
// called. Once it has answered there is nothing to tell.
func (c *Client) listen() (stop func()) {
	if c.options.OnSilence == nil || c.server.made.Load() {
		return func() {}
	}
	timer := time.AfterFunc(silence, func() {
		if !c.server.made.Load() {
			c.options.OnSilence(c.address())
		}
	})
	return func() { timer.Stop() }
}

// address is the server without path and secrets.
func (c *Client) address() string {
	return (&url.URL{Scheme: c.base.Scheme, Host: c.base.Host}).String()
}

// unanswered finds out why a request got no answer, as the end of a sentence
// about a server. never is set when it cannot have been carried out, passing
// when it is worth asking again.
func unanswered(err error) (why string, never, passing bool) {
	var op *net.OpError
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	var timeout net.Error
	dialled := errors.As(err, &op) && op.Op == "dial"
	switch {
	case errors.As(err, &certificate):
		return "has a certificate that this machine does not trust, so that nothing was sent to it", true, false
	case errors.As(err, &record) || strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		return "does not speak TLS, which https needs", true, false
	case errors.As(err, &alert) || errors.As(err, &op) && op.Op == "remote error":
		return "refuses to speak TLS with this program", true, false
	case errors.As(err, &dns) && dns.IsNotFound:
		return "has a name that the network does not know (DNS)", true, true
	case errors.As(err, &dns):
		return "could not be found: the name service (DNS) of the network does not answer", true, true
	case errors.Is(err, syscall.ECONNREFUSED):
		return "refuses the connection: no program listens there", true, true
	case errors.As(err, &timeout) && timeout.Timeout():
		return "did not answer in time", dialled, true
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET):
		return "broke the connection off", dialled, true
	case dialled:
		return "cannot be reached", true, true
	default:
		return "gave no answer that can be read", false, true
	}
}

// tokenless is why a request was not sent; its advice says what the reason is.
type tokenless struct{ error }

// Error does not repeat the advice.
func (tokenless) Error() string { return "there is no token to send" }

// Unwrap returns the reason.
func (e tokenless) Unwrap() error { return e.error }

// unreached names the server that does not answer, and says what to do.
func (c *Client) unreached(why string) string {
	text := "The server " + c.where() + " " + why + "."
	if proxy := c.proxy(); proxy != "" {
		text += " Requests go through the proxy " + proxy + ", which HTTPS_PROXY or HTTP_PROXY names."
	}
	if strings.Contains(why, "certificate") {
		text += " If a proxy reads encrypted traffic here, add its certificate to the system's, or name a file with it in SSL_CERT_FILE."
	}
	return text + " Check the network" + c.correct() + "."
}

// page marks an answer as a page for people, which the API does not send. A
// gateway before it does so while the API is down.
func (c *Client) page(api *providers.APIError) {
	api.Extent = providers.WholeServer
	api.Advice = "The server " + c.where() + " answers with a page for people, which the API does not do: a proxy or a sign-in page of the network may stand between. Open the address in a browser, and check the network" + c.correct() + "."
	if api.Status >= 500 {
		api.Advice = "The server " + c.where() + " is not available at the moment: a gateway answers in its place. Run the command again later; it goes on where it stopped."
	}
}

// where is the address of the server, and what told it.
func (c *Client) where() string {
	if c.server.From == "" {
		return c.address()
	}
	return fmt.Sprintf("%s (from %s)", c.address(), c.server.From)
}

// correct is the end of an advice: to correct an address that was given.
func (c *Client) correct() string {
	if c.server.From == "" {
		return ""
	}
	return ", or correct " + c.server.From
}

// proxy is the host of the proxy that the environment names for the server.
func (c *Client) proxy() string {
	u, err := http.ProxyFromEnvironment(&http.Request{URL: c.base})
	if err != nil || u == nil {
		return ""
	}
	return u.Host
}
