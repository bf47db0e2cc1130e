package credentials

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/oauth2"
)

const (
	// grace bounds a refresh with its repetitions, so that the last of them
	// still falls into the time in which the server repeats a lost answer.
	grace = 28 * time.Second
	// patience bounds one exchange.
	patience = 10 * time.Second
	// maxLost is how often an answer may be lost.
	maxLost = 5
)

// RefreshError reports that the server refused to give a token.
type RefreshError struct {
	// Status is the HTTP status.
	Status int
	// Message is the server's own words, without secrets.
	Message string
}

// Error renders both.
func (e *RefreshError) Error() string {
	if e.Message == "" {
		return fmt.Sprintf("the server answers %d", e.Status)
	}
	return fmt.Sprintf("the server answers %d %q", e.Status, e.Message)
}

// Final reports whether only a new login helps: the refresh token, or the app's
// secret, is of no use. Another refusal may pass, such as the one of a location
// that is switched off.
func (e *RefreshError) Final() bool {
	message := strings.ToLower(e.Message)
	return e.Status == http.StatusUnauthorized || message == "" ||
		strings.Contains(message, "grant") || strings.Contains(message, "client") || strings.Contains(message, "token")
}

// final reports whether an error is a refusal that only a new login ends.
func final(err error) bool {
	var refused *RefreshError
	return errors.As(err, &refused) && refused.Final()
}

// Client asks a token endpoint.
type Client struct {
	// HTTP carries out requests; a client of its own when nil.
	HTTP http.RoundTripper
	// Now and Sleep replace the clock.
	Now   func() time.Time
	Sleep func(context.Context, time.Duration) error
}

// Refresh uses the refresh token of a login. When the answer is lost it asks
// again with the same token. A refusal is a *RefreshError.
func (c Client) Refresh(ctx context.Context, old Login) (Login, error) {
	if err := CheckURL(old.TokenURL); err != nil {
		return Login{}, err
	}
	config := oauth2.Config{
		ClientID: old.ClientID, ClientSecret: old.ClientSecret,
		Endpoint: oauth2.Endpoint{TokenURL: old.TokenURL, AuthStyle: oauth2.AuthStyleInParams},
	}
	token, err := c.Ask(ctx, old.secrets(), func(ctx context.Context) (*oauth2.Token, error) {
		return config.TokenSource(ctx, &oauth2.Token{RefreshToken: old.RefreshToken}).Token()
	})
	if err != nil {
		return Login{}, err
	}
	return old.take(token, c.now()), nil
}

// Exchange turns what a person has approved into a login. A server that does not
// know the verifier of PKCE is asked again without.
func (c Client) Exchange(ctx context.Context, approval Approval, options ...oauth2.AuthCodeOption) (Login, *oauth2.Token, error) {
	config := approval.Config
	if err := CheckURL(config.Endpoint.TokenURL); err != nil {
		return Login{}, nil, err
	}
	config.Endpoint.AuthStyle = oauth2.AuthStyleInParams
	ctx, cancel := context.WithTimeout(c.context(ctx), grace)
	defer cancel()
	verified := options
	if approval.Verifier != "" {
		verified = append(slices.Clone(options), oauth2.VerifierOption(approval.Verifier))
	}
	// A code can be used once, so a lost answer cannot be asked for again.
	token, err := config.Exchange(ctx, approval.Code, verified...)
	secrets := []string{approval.Code, approval.Verifier, config.ClientSecret}
	if err != nil && approval.Verifier != "" && unknownVerifier(c.plain(err, secrets)) {
		token, err = config.Exchange(ctx, approval.Code, options...)
	}
	if err != nil {
		return Login{}, nil, c.plain(err, secrets)
	}
	l := Login{ClientID: config.ClientID, ClientSecret: config.ClientSecret, TokenURL: config.Endpoint.TokenURL}
	return l.take(token, c.now()), token, nil
}

// unknownVerifier reports whether a server refuses the very parameter, as one does
// that validates the names of all ("property code_verifier should not exist"). It has
// not looked at the code then.
func unknownVerifier(err error) bool {
	var refused *RefreshError
	return errors.As(err, &refused) && strings.Contains(refused.Message, "code_verifier should not exist")
}

// Minted is the login that a token makes which was derived from the login
// of another account.
func (c Client) Minted(l Login, token *oauth2.Token) Login { return l.take(token, c.now()) }

// Ask repeats a question whose answer is lost. The question finds the HTTP
// client in its context, where package oauth2 looks for it.
func (c Client) Ask(ctx context.Context, secrets []string, question func(context.Context) (*oauth2.Token, error)) (*oauth2.Token, error) {
	ctx, cancel := context.WithTimeout(c.context(ctx), grace)
	defer cancel()
	for lost := 1; ; lost++ {
		token, err := question(ctx)
		if err == nil {
			return token, nil
		}
		err = c.plain(err, secrets)
		var refused *RefreshError
		if errors.As(err, &refused) || lost == maxLost || c.sleep(ctx, 250*time.Millisecond<<lost) != nil {
			return nil, err
		}
	}
}

// plain makes an error of package oauth2 one without secrets. Answers that
// may be different the next time are no *RefreshError.
func (c Client) plain(err error, secrets []string) error {
	var answered *oauth2.RetrieveError
	if errors.As(err, &answered) && answered.Response != nil {
		refused := &RefreshError{Status: answered.Response.StatusCode, Message: mask(words(answered.Body), secrets...)}
		if s := refused.Status; s >= 500 || s == http.StatusTooManyRequests || s == http.StatusRequestTimeout {
			return fmt.Errorf("no token now: %s", refused)
		}
		return refused
	}
	var refused *RefreshError
	if errors.As(err, &refused) {
		return refused
	}
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		// The outer text repeats the address.
		err = wrapped.Err
	}
	return errors.New("no answer from the token server: " + mask(err.Error(), secrets...))
}

func (c Client) context(ctx context.Context) context.Context {
	client := &http.Client{
		Transport: c.HTTP, Timeout: patience,
		// A redirect would carry the secrets to another server.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return context.WithValue(ctx, oauth2.HTTPClient, client)
}

func (c Client) now() time.Time {
	if c.Now == nil {
		return time.Now()
	}
	return c.Now()
}

func (c Client) sleep(ctx context.Context, d time.Duration) error {
	if c.Sleep != nil {
		return c.Sleep(ctx, d)
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// words are what an error body says, in the shapes that token endpoints use.
func words(body []byte) string {
	var e struct {
		Description string          `json:"error_description"`
		Message     json.RawMessage `json:"message"`
		Error       json.RawMessage `json:"error"`
	}
	if !bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) || json.Unmarshal(body, &e) != nil {
		return ""
	}
	if e.Description != "" {
		return e.Description
	}
	for _, raw := range []json.RawMessage{e.Message, e.Error} {
		var one string
		var many []string
		var nested struct {
			Message string `json:"message"`
		}
		switch {
		case len(raw) == 0:
		case json.Unmarshal(raw, &one) == nil && one != "":
			return one
		case json.Unmarshal(raw, &many) == nil && len(many) > 0:
			return strings.Join(many, "; ")
		case json.Unmarshal(raw, &nested) == nil && nested.Message != "":
			return nested.Message
		}
	}
	return ""
}
