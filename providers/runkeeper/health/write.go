package health

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"
	"unicode/utf16"

	"lockstep/providers/transport"
)

// media is the name of a media type (Health Graph API, content types).
func media(name string) string { return "application/vnd.com.runkeeper." + name + "+json" }

// Create makes a new item of a feed and returns the last part of its address.
// The type of the new item has a name of its own, such as NewFitnessActivity;
// item is the type of the answers. There is no idempotency key, so it is sent once:
// after a lost answer the error is transport.ErrUncertain.
func (a *Account) Create(ctx context.Context, link, name, item string, body map[string]any) (string, error) {
	answer, err := a.client.write(ctx, http.MethodPost, link, name, item, body, transport.Once)
	if err != nil {
		return "", err
	}
	u, err := url.Parse(answer.Header.Get("Location"))
	if err != nil || u.Path == "" || u.Path == "/" {
		return "", fmt.Errorf("POST %s: the answer does not say where the new one is: %w", link, transport.ErrUncertain)
	}
	return path.Base(u.Path), nil
}

// Put writes some properties of a resource; the others stay as they are.
func (a *Account) Put(ctx context.Context, link, name string, body map[string]any) error {
	answers := name
	if name == "Reply" {
		answers = "Member"
	}
	_, err := a.client.write(ctx, http.MethodPut, link, name, answers, body, transport.Repeatable)
	return err
}

// Delete deletes an item of a feed.
func (a *Account) Delete(ctx context.Context, link, item string) error {
	_, err := a.client.write(ctx, http.MethodDelete, link, "", item, nil, transport.Repeatable)
	return err
}

// write sends a request that changes something. It asks for an answer of an
// exact type, without which the API was seen to fail.
func (c *Client) write(ctx context.Context, method, link, name, answers string, body map[string]any, safety transport.Safety) (*transport.Response, error) {
	u, err := own(link)
	if err != nil {
		return nil, err
	}
	r := transport.Request{Method: method, Path: u.EscapedPath(), Query: u.Query(), Safety: safety, Header: http.Header{"Accept": {media(answers)}}}
	if body != nil {
		r.Header.Set("Content-Type", media(name))
		if r.Body, err = ascii(body); err != nil {
			return nil, fmt.Errorf("%s %s: %w", method, u.Path, err)
		}
	}
	return c.http.Do(ctx, r)
}

// own reads an address that the API gave, and refuses one that leads
// elsewhere: the token must not.
func own(link string) (*url.URL, error) {
	u, err := url.Parse(link)
	if err != nil || u.Host != "" || !strings.HasPrefix(u.Path, "/") {
		return nil, fmt.Errorf("the API names the address %q, which is not one of its own", link)
	}
	return u, nil
}

// ascii writes JSON that reads the same in UTF-8 and in ISO-8859-1, whichever
// of the two the API takes it for.
func ascii(body map[string]any) ([]byte, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	for _, r := range string(text) {
		switch {
		case r < 0x80:
			out.WriteRune(r)
		case r < 0x10000:
			fmt.Fprintf(&out, `\u%04x`, r)
		default:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&out, `\u%04x\u%04x`, high, low)
		}
	}
	return out.Bytes(), nil
}
